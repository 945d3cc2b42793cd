"""What is broken, what is being mended, and what waits for a curator's word."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from playground.accounts.models import User
from playground.curation.health import find_broken
from playground.curation.models import OnBreak, Policy, Repair
from playground.curation.pages.exhibits import exhibit, review_url, seen_check
from playground.curation.pages.guard import CuratorRequest, for_admins, for_curators, go_back, open_repairs, show
from playground.curation.repairs import approve, decline_repair, order_repair
from playground.gallery.models import Entry


@require_safe
@for_curators
def show_health(request: CuratorRequest) -> HttpResponse:
    repairs = open_repairs()
    mended = [_mended(repair, request.user) for repair in repairs]
    shown = [exhibit(repair.entry.artifact, repair.entry) for repair in repairs]
    being_mended = {repair.entry_id for repair in repairs}
    broken = [
        (health, exhibit(health.entry.artifact, health.entry))
        for health in find_broken()
        if health.entry_id not in being_mended
    ]
    context = {
        "broken_entries": broken,
        "repairs": list(zip(repairs, shown, mended, strict=True)),
        "policy": Policy.objects.current().on_break,
        "policies": OnBreak.choices,
    }
    return show(request, "health", "health", context)


@require_POST
@for_curators
def order(request: CuratorRequest, entry_id: int) -> HttpResponse:
    order_repair(get_object_or_404(Entry.objects.select_related("artifact__owner"), pk=entry_id), request.curator)
    messages.success(request, _("A build is at it. Its result waits here until you approve of it."))
    return go_back(request, "/curate/health")


@require_POST
@for_curators
def decide_repair(request: CuratorRequest, repair_id: int) -> HttpResponse:
    repair = get_object_or_404(Repair.objects.select_related("run__version", "entry__artifact", "broken"), pk=repair_id)
    if request.POST.get("do") == "approve":
        version = approve(repair, request.curator)
        messages.success(request, _("Published as version %(number)d.") % {"number": version.number})
    else:
        decline_repair(repair, request.curator)
        messages.success(request, _("Left as it was."))
    return go_back(request, "/curate/health")


@require_POST
@for_admins
def change_policy(request: CuratorRequest) -> HttpResponse:
    policy = Policy.objects.current()
    wanted = request.POST.get("on_break", "")
    if wanted in OnBreak:
        policy.on_break = wanted
        policy.save()
        request.curator.note("changed", policy, on_break=wanted)
        messages.success(request, _("Saved."))
    return go_back(request, "/curate/health")


def _mended(repair: Repair, user: User) -> dict[str, object] | None:
    """The copy is private: only who ordered it gets its pictures."""
    result = repair.result
    if result is None:
        return None
    is_own = result.artifact.owner_id == user.pk
    return {"frame_url": review_url(result), "check": seen_check(result, has_pictures=is_own), "version": result}
