"""The queue of submissions, and what is in the gallery; and the one address at which entries are decided."""

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from playground.curation.curating import DONE, VERBS, Decision, act
from playground.curation.pages.exhibits import exhibit_all
from playground.curation.pages.guard import CuratorRequest, for_curators, go_back, show
from playground.errors import BadInput
from playground.gallery.models import Collection, Entry, State, Tag
from playground.gallery.search import find_entries

PAGE = 12


class ActForm(forms.Form):
    """What is done, with which entries; and what goes with it."""

    do = forms.ChoiceField(choices=[(verb, verb) for verb in VERBS])
    entry = forms.ModelMultipleChoiceField(Entry.objects.select_related("artifact__owner"))
    reason = forms.CharField(required=False, max_length=2_000)
    title = forms.CharField(required=False, max_length=200)
    title_zh = forms.CharField(required=False, max_length=200)
    tags = forms.ModelMultipleChoiceField(Tag.objects.all(), required=False)
    collection = forms.ModelChoiceField(Collection.objects.all(), required=False)
    featured_from = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d"])
    featured_until = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d"])
    despite = forms.BooleanField(required=False)

    def decision(self) -> Decision:
        """Of titles that are not in the form, nothing is said."""
        given = self.cleaned_data
        return Decision(
            reason=given["reason"],
            title=given["title"] if "title" in self.data else None,
            title_zh=given["title_zh"] if "title_zh" in self.data else None,
            tags=list(given["tags"]),
            collection=given["collection"],
            featured_from=given["featured_from"],
            featured_until=given["featured_until"],
            despite=given["despite"],
        )


@require_safe
@for_curators
def show_queue(request: CuratorRequest) -> HttpResponse:
    waiting = Entry.objects.waiting().select_related("artifact__owner")
    page = Paginator(waiting, PAGE).get_page(request.GET.get("page"))
    exhibits = exhibit_all(page, searches=True)
    return show(request, "queue", "queue", {"page": page, "exhibits": exhibits, **_choices()})


@require_safe
@for_curators
def show_entries(request: CuratorRequest) -> HttpResponse:
    """What is or was in the gallery, by its state; narrowed by words."""
    state = request.GET.get("state", State.ACCEPTED)
    words = request.GET.get("q", "")[:200]
    decided = State.ACCEPTED, State.HIDDEN, State.DECLINED
    found = Entry.objects.filter(state=state if state in decided else State.ACCEPTED)
    entries = find_entries(found, words).select_related("artifact__owner").prefetch_related("tags", "collections")
    page = Paginator(entries.order_by("-decided_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    states = [each for each in State.choices if each[0] in decided]
    context = {"page": page, "exhibits": exhibit_all(page), "state": state, "states": states, "words": words}
    context["filter_query"] = f"{urlencode({'state': state, 'q': words})}&"
    return show(request, "entries", "entries", {**context, **_choices()})


@require_POST
@for_curators
def act_on_entries(request: CuratorRequest) -> HttpResponse:
    given = request.POST.copy()
    given.setlist("tags", list(filter(None, given.getlist("tags"))))  # an empty choice is none
    form = ActForm(given)
    if not form.is_valid():
        nothing = "entry" in form.errors and not request.POST.getlist("entry")
        raise BadInput("bad_act", _("Choose at least one entry.") if nothing else _("This could not be read."))
    verb = form.cleaned_data["do"]
    asked = given.getlist("entry")  # in the order of the page
    entries = sorted(form.cleaned_data["entry"], key=lambda entry: asked.index(str(entry.pk)))
    outcome = act(verb, entries, request.curator, form.decision())
    for refusal in outcome.refusals:
        messages.error(request, refusal)
    if outcome.done == 1:
        messages.success(request, DONE[verb])
    elif outcome.done:
        count = ngettext("%(count)d entry.", "%(count)d entries.", outcome.done) % {"count": outcome.done}
        messages.success(request, f"{DONE[verb]} {count}")
    return go_back(request, "/curate/")


def _choices() -> dict[str, object]:
    return {"all_tags": Tag.objects.all(), "all_collections": Collection.objects.all()}
