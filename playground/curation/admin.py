"""The admin pages beside the curate page: all of it as tables; the blocklist and the policy, which are admins' own."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from playground.accounts.api_auth import address_of
from playground.accounts.models import User
from playground.admin_pages import ModelAdmin
from playground.artifacts.admin import ArtifactAdmin
from playground.artifacts.models import Artifact
from playground.curation.curating import Decision, act
from playground.curation.models import BlockedTerm, Health, Policy, Repair, Report
from playground.curation.moderation import Curator, put_back
from playground.gallery.admin import EntryAdmin
from playground.gallery.models import Entry


@admin.register(BlockedTerm)
class BlockedTermAdmin(ModelAdmin[BlockedTerm]):
    list_display = ["text", "kind", "note", "created_at"]
    list_filter = ["kind"]
    search_fields = ["text", "note"]


@admin.register(Policy)
class PolicyAdmin(ModelAdmin[Policy]):
    """One row."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse | HttpResponseRedirect:
        policy = Policy.objects.current()
        policy.save()
        return redirect("admin:curation_policy_change", policy.pk)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Policy | None = None) -> bool:
        return False


class _ToRead[M: (Report, Health, Repair)](ModelAdmin[M]):
    """Written elsewhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


@admin.register(Report)
class ReportAdmin(_ToRead[Report]):
    list_display = ["artifact", "reason", "state", "created_at", "decided_by", "decided_at"]
    list_filter = ["state", "reason"]
    list_select_related = ["artifact", "decided_by"]
    search_fields = ["artifact__id", "artifact__title", "text"]
    date_hierarchy = "created_at"


@admin.register(Health)
class HealthAdmin(_ToRead[Health]):
    list_display = ["entry", "broken", "broken_since", "has_hidden", "is_due", "checked_at"]
    list_filter = ["has_hidden", "is_due"]
    list_select_related = ["entry__artifact"]


@admin.register(Repair)
class RepairAdmin(_ToRead[Repair]):
    list_display = ["entry", "broken", "state", "ordered_by", "ordered_at", "decided_by", "published"]
    list_filter = ["state"]
    list_select_related = ["entry__artifact", "broken", "ordered_by", "decided_by", "published"]


admin.site.unregister(Entry)


@admin.register(Entry)
class CuratedEntryAdmin(EntryAdmin):
    """With the actions of the curate page, which ask the blocklist. What needs a reason is done there."""

    list_select_related = ["artifact__owner"]
    actions = ["accept_chosen", "decline_chosen", "feature_chosen", "unfeature_chosen", "check_chosen"]

    @admin.action(description=_("Accept"), permissions=["change"])
    def accept_chosen(self, request: HttpRequest, chosen: QuerySet[Entry]) -> None:
        self._act("accept", request, chosen)

    @admin.action(description=_("Decline, with the reason that was written into it"), permissions=["change"])
    def decline_chosen(self, request: HttpRequest, chosen: QuerySet[Entry]) -> None:
        for entry in chosen:
            act("decline", [entry], _curator(request), Decision(reason=entry.reason or gettext("Not for the gallery.")))

    @admin.action(description=_("Feature from now on"), permissions=["change"])
    def feature_chosen(self, request: HttpRequest, chosen: QuerySet[Entry]) -> None:
        self._act("feature", request, chosen)

    @admin.action(description=_("Feature no longer"), permissions=["change"])
    def unfeature_chosen(self, request: HttpRequest, chosen: QuerySet[Entry]) -> None:
        self._act("unfeature", request, chosen)

    @admin.action(description=_("Check again"), permissions=["change"])
    def check_chosen(self, request: HttpRequest, chosen: QuerySet[Entry]) -> None:
        self._act("check", request, chosen)

    def _act(self, verb: str, request: HttpRequest, chosen: QuerySet[Entry]) -> None:
        for refusal in act(verb, chosen, _curator(request), Decision()).refusals:
            messages.error(request, refusal)


admin.site.unregister(Artifact)


@admin.register(Artifact)
class ModeratedArtifactAdmin(ArtifactAdmin):
    list_display = ["title", "owner", "visibility", "views", "taken_down_at", "created_at"]
    list_filter = ["visibility", ("taken_down_at", admin.EmptyFieldListFilter)]
    list_select_related = ["owner"]
    readonly_fields = ["taken_down_at", "taken_down_by", "takedown_reason"]
    exclude = ["password"]
    actions = ["put_back_chosen"]

    @admin.action(description=_("Put back what was taken down"), permissions=["change"])
    def put_back_chosen(self, request: HttpRequest, chosen: QuerySet[Artifact]) -> None:
        for artifact in chosen.exclude(taken_down_at=None):
            put_back(artifact, _curator(request))


def _curator(request: HttpRequest) -> Curator:
    assert isinstance(request.user, User)
    return Curator(request.user, address_of(request))
