from asgiref.sync import sync_to_async
from django.db import transaction
from ninja import Router, Status

from playground import protocol
from playground.accounts.api_auth import ApiRequest, address_of, visitor
from playground.accounts.models import User
from playground.accounts.services import ensure_user
from playground.artifacts.access import find_version
from playground.artifacts.models import Version
from playground.builds import services as builds
from playground.gallery.films import film_info, step_at, step_info
from playground.protocol import BuildFork
from playground.runs import services as runs
from playground.runs.branching import create_branch, is_whole
from playground.runs.footage import Footage, find_footage
from playground.runs.models import Run
from playground.runs.sharing import role_of

router = Router(tags=["artifacts"])

_REPLAY = "/artifacts/{artifact_id}/versions/{number}/replay"


@router.get(_REPLAY, response=protocol.FilmInfo)
def get_film(request: ApiRequest, artifact_id: str, number: int) -> protocol.FilmInfo:
    """How the version was made, for everybody who may open it. The page `/a/{artifact}/replay` plays it."""
    reader = visitor(request)
    return film_info(find_version(reader, artifact_id, number), reader)


@router.get(f"{_REPLAY}/steps/{{step}}", response=protocol.FilmStep)
def get_film_step(request: ApiRequest, artifact_id: str, number: int, step: int) -> protocol.FilmStep:
    """The files of a build after a step of its film."""
    return step_info(find_version(visitor(request), artifact_id, number), step)


@router.post(f"{_REPLAY}/branch", response={202: protocol.Branched})
async def branch(
    request: ApiRequest, artifact_id: str, number: int, body: protocol.Branch
) -> Status[protocol.Branched]:
    """Go on from a frame of the version's own chapter, with a model of one's own choice: the words until then count as
    written. In a conversation of one's own; a visitor becomes a guest.
    """
    footage = await sync_to_async(_find_footage)(request, artifact_id, number)
    user = await sync_to_async(ensure_user)(request)
    if not footage.film.frames or (not footage.is_build and is_whole(footage, body.seq)):
        conversation = await sync_to_async(_go_on_from)(user, footage.version)
        return Status(202, protocol.Branched(conversation=conversation, run=None))
    run = await _branch(user, address_of(request), footage, body)
    return Status(202, protocol.Branched(conversation=run.conversation_id, run=run.pk))


async def _branch(user: User, address: str, footage: Footage, body: protocol.Branch) -> Run:
    if not footage.is_build:
        return await runs.set_going(
            await sync_to_async(create_branch)(
                user=user, address=address, footage=footage, seq=body.seq, model=body.model
            )
        )
    step = step_at(footage, body.seq)
    if footage.run and await sync_to_async(_may_write)(user, footage.run):
        return await builds.fork(user=user, address=address, run=footage.run, body=BuildFork(step=step))
    return await builds.branch(user=user, address=address, footage=footage, step=step, model=body.model)


def _may_write(user: User, run: Run) -> bool:
    role = role_of(user.pk, run.conversation)
    return role is not None and role.may_write


@transaction.atomic
def _go_on_from(user: User, version: Version) -> str:
    return runs.continue_version(user, version).pk


def _find_footage(request: ApiRequest, artifact_id: str, number: int) -> Footage:
    return find_footage(find_version(visitor(request), artifact_id, number))
