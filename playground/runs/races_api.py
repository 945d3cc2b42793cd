from asgiref.sync import sync_to_async
from django.utils.translation import gettext as _
from ninja import Router, Status

from playground import protocol
from playground.accounts.api_auth import ApiRequest, address_of
from playground.accounts.services import ensure_user
from playground.errors import NotFound
from playground.runs import races
from playground.runs.models import Conversation, Race
from playground.runs.presenting import race_detail
from playground.runs.sharing import check_may_write

router = Router(tags=["races"])


@router.post("/races", response={202: protocol.RaceDetail})
async def start_race(request: ApiRequest, body: protocol.RaceRequest) -> Status[protocol.RaceDetail]:
    """One wish to two, three or four models. All start, or none."""
    user = await sync_to_async(ensure_user)(request)
    race = await races.start_race(user=user, address=address_of(request), request=body)
    return Status(202, await sync_to_async(race_detail)(race))


@router.get("/races/{race_id}", response=protocol.RaceDetail)
def get_race(request: ApiRequest, race_id: str) -> protocol.RaceDetail:
    return race_detail(_race(request, race_id))


@router.post("/races/{race_id}/cancel", response={202: protocol.RaceDetail})
async def cancel_race(request: ApiRequest, race_id: str) -> Status[protocol.RaceDetail]:
    """Stop the lanes that still go. One alone is stopped like any run."""
    race = await sync_to_async(_writable_race)(request, race_id)
    await races.cancel_race(race)
    return Status(202, await sync_to_async(race_detail)(race))


@router.post("/races/{race_id}/vote", response=protocol.RaceDetail)
def vote(request: ApiRequest, race_id: str, body: protocol.Vote) -> protocol.RaceDetail:
    """Which lane of a blind race is best. Once all are over, and only once: it lifts the veil."""
    race = _writable_race(request, race_id)
    races.vote(race, body)
    return race_detail(race)


@router.post("/races/{race_id}/keep", response=protocol.RaceDetail)
def keep(request: ApiRequest, race_id: str, body: protocol.Keep) -> protocol.RaceDetail:
    """Make a version of this lane's answer. Another lane can be kept later, as a further version."""
    race = _writable_race(request, race_id)
    races.keep(race, body.run)
    return race_detail(race)


def _writable_race(request: ApiRequest, race_id: str) -> Race:
    race = _race(request, race_id)
    check_may_write(request.user, race.conversation)
    return race


def _race(request: ApiRequest, race_id: str) -> Race:
    visible = Race.objects.filter(pk=race_id, conversation__in=Conversation.objects.visible_to(request.user.pk))
    race = visible.select_related("conversation").first()
    if race is None:
        raise NotFound("race_not_found", _("This race does not exist."))
    return race
