"""The featured row and the collections, in order: by dragging, by buttons, with and without scripts."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from playground.curation.arranging import (
    UP,
    arrange_collection,
    arrange_featured,
    featured,
    make_collection,
    move,
)
from playground.curation.pages.exhibits import exhibit_all
from playground.curation.pages.guard import CuratorRequest, for_curators, go_back, show
from playground.errors import BadInput
from playground.gallery.models import Collection, Entry


class CollectionForm(forms.ModelForm[Collection]):
    class Meta:
        model = Collection
        fields = ["title", "title_zh", "description", "description_zh", "cover"]

    def clean_cover(self) -> Entry | None:
        cover: Entry | None = self.cleaned_data["cover"]
        if cover and not self.instance.entries.filter(pk=cover.pk).exists():
            raise forms.ValidationError("not in the collection")  # told by the page, in its own words
        return cover


@require_safe
@for_curators
def show_featured(request: CuratorRequest) -> HttpResponse:
    exhibits = exhibit_all(featured().select_related("artifact__owner"))
    return show(request, "featured", "featured", {"exhibits": exhibits})


@require_POST
@for_curators
def order_featured(request: CuratorRequest) -> HttpResponse:
    arrange_featured(_order(request), request.curator)
    return _answer(request, "/curate/featured")


@require_safe
@for_curators
def show_collections(request: CuratorRequest) -> HttpResponse:
    return show(request, "collections", "collections", {"collections": Collection.objects.all()})


@require_POST
@for_curators
def create_collection(request: CuratorRequest) -> HttpResponse:
    collection = make_collection(request.POST.get("title", ""), request.curator)
    return redirect("curate_collection", collection.slug)


@require_safe
@for_curators
def show_collection(request: CuratorRequest, slug: str) -> HttpResponse:
    collection = get_object_or_404(Collection, slug=slug)
    entries = Entry.objects.filter(memberships__collection=collection).order_by("memberships__position")
    exhibits = exhibit_all(entries.select_related("artifact__owner"))
    return show(request, "collection", "collections", {"collection": collection, "exhibits": exhibits})


@require_POST
@for_curators
def order_collection(request: CuratorRequest, slug: str) -> HttpResponse:
    arrange_collection(get_object_or_404(Collection, slug=slug), _order(request), request.curator)
    return _answer(request, f"/curate/collections/{slug}")


@require_POST
@for_curators
def change_collection(request: CuratorRequest, slug: str) -> HttpResponse:
    collection = get_object_or_404(Collection, slug=slug)
    if request.POST.get("do") == "delete":
        request.curator.note("deleted a collection", collection)
        collection.delete()
        messages.success(request, _("Deleted. Its entries stay in the gallery."))
        return redirect("curate_collections")
    form = CollectionForm(request.POST, instance=collection)
    if not form.is_valid():
        raise BadInput("bad_collection", _("Give the collection a title, and choose a cover that is in it."))
    form.save()
    request.curator.note("changed", collection, fields=", ".join(form.changed_data))
    messages.success(request, _("Saved."))
    return redirect("curate_collection", slug)


def _order(request: HttpRequest) -> list[int]:
    """The ids as they stand in the form; with a button `move`, `12 up`, that one moved."""
    order = [int(pk) for pk in request.POST.getlist("entry") if pk.isdigit()]
    pk, _space, way = request.POST.get("move", "").partition(" ")
    return move(order, int(pk), way or UP) if pk.isdigit() else order


def _answer(request: HttpRequest, page: str) -> HttpResponse:
    """Our script stays on the page."""
    if "application/json" in request.headers.get("Accept", ""):
        return HttpResponse(status=204)
    return go_back(request, page)
