"""What curators took down, and what was made by somebody who is banned: no address of it is answered any more."""

from django.http import Http404

from playground.runs.models import Run


class Withheld(Exception):
    """Its place is taken by a page that says so."""


async def check_run(run: str) -> None:
    """Of what is written for an artifact that was taken down, nothing is shown either. Raises Withheld, Http404."""
    runs = Run.objects.filter(pk=run, conversation__owner__is_active=True)
    found = await runs.values_list("pk", "conversation__artifact__taken_down_at").afirst()
    if found is None:
        raise Http404
    if found[1] is not None:
        raise Withheld
