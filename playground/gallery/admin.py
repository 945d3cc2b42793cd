from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from playground.accounts.models import User
from playground.admin_pages import ModelAdmin, TabularInline
from playground.gallery import services
from playground.gallery.models import Collection, Entry, Membership, Tag


class MembershipInline(TabularInline[Membership, Entry | Collection]):
    model = Membership
    raw_id_fields = ["entry"]
    extra = 0


@admin.register(Entry)
class EntryAdmin(ModelAdmin[Entry]):
    list_display = ["__str__", "state", "submitted_at", "accepted_at", "featured_from", "featured_until"]
    list_filter = ["state", "tags", "collections"]
    search_fields = ["title", "title_zh", "artifact__title", "artifact__id"]
    raw_id_fields = ["artifact"]
    filter_horizontal = ["tags"]
    readonly_fields = ["state", "wish", "submitted_at", "accepted_at", "decided_at", "decided_by"]
    exclude = ["wish_zh"]
    inlines = [MembershipInline]
    actions = ["accept_chosen", "decline_chosen"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # an owner submits

    @admin.action(description=_("Accept"), permissions=["change"])
    def accept_chosen(self, request: HttpRequest, chosen: QuerySet[Entry]) -> None:
        for entry in chosen:
            services.accept(entry, _curator(request.user))

    @admin.action(description=_("Decline, with the reason that was written into it"), permissions=["change"])
    def decline_chosen(self, request: HttpRequest, chosen: QuerySet[Entry]) -> None:
        for entry in chosen:
            services.decline(entry, _curator(request.user), entry.reason or str(_("Not for the gallery.")))


@admin.register(Collection)
class CollectionAdmin(ModelAdmin[Collection]):
    list_display = ["title", "slug", "position"]
    raw_id_fields = ["cover"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [MembershipInline]


@admin.register(Tag)
class TagAdmin(ModelAdmin[Tag]):
    list_display = ["name", "name_zh", "slug"]
    prepopulated_fields = {"slug": ["name"]}


def _curator(user: User | AnonymousUser) -> User:
    assert isinstance(user, User)
    return user
