"""The verbs of races: one wish to several models at once, a vote, and which answer is kept."""

import random

from channels.db import database_sync_to_async
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from playground.accounts.charges import open_charge
from playground.accounts.models import User
from playground.accounts.quotas import check_may_start
from playground.artifacts.edits.reading import read_files
from playground.errors import BadInput, PlaygroundError
from playground.gateway.services import choose
from playground.protocol import RaceRequest, RunStatus, Vote
from playground.runs.answer import join_files
from playground.runs.checkpoints import load_frames
from playground.runs.conclusion import save_files
from playground.runs.leases import lease
from playground.runs.models import Race, Run
from playground.runs.prompting import base_texts
from playground.runs.queue import check_room, is_busy, lock
from playground.runs.services import begin, cancel, check_vision, find_place, store_images
from playground.runs.switchboard import announce


async def start_race(*, user: User, address: str, request: RaceRequest) -> Race:
    """Create the lanes and set them all going, or none of them. Raises PlaygroundError."""
    race, lanes = await database_sync_to_async(create_race)(user=user, address=address, request=request)
    for lane in lanes:
        await begin(lane)
    return race


def create_race(*, user: User, address: str, request: RaceRequest) -> tuple[Race, list[Run]]:
    models = [choose(user, wanted) for wanted in request.models]
    if len({model.pk for model in models}) < len(models):
        raise BadInput("same_model", _("A race is between different models: choose each only once."))
    images = store_images(request.images)
    check_vision(images, models)
    if request.blind:
        random.SystemRandom().shuffle(models)
    with transaction.atomic():
        conversation, parent = find_place(user, request)
        lock(user, conversation)
        if is_busy(conversation):
            message = _("An answer is being written here. Wait for it, or stop it, and then let them race.")
            raise PlaygroundError("busy", message, status=409)
        check_room(user, len(models))
        check_may_start(user, address, len(models))
        race = Race.objects.create(conversation=conversation, is_blind=request.blind)
        lanes = [
            Run.objects.create(
                conversation=conversation,
                author=user,
                parent=parent,
                race=race,
                lane=number,
                status=RunStatus.RUNNING,
                prompt=request.prompt,
                images=images,
                places=[place.model_dump() for place in request.places],
                model=model,
                model_name=model.name,
                sampling=request.sampling.model_dump(exclude_none=True),
                lease_until=lease(),
            )
            for number, model in enumerate(models)
        ]
        conversation.save(update_fields=["updated_at"])
        for lane in lanes:
            open_charge(user=user, address=address, run=lane.pk, kind="race", model=lane.model_name)
        announce(conversation.pk)
    return race, lanes


async def cancel_race(race: Race) -> None:
    """Stop the lanes that still go."""
    async for lane in Run.objects.open().filter(race=race):
        await cancel(lane)


def vote(race: Race, ballot: Vote) -> None:
    """Once, and for good: with the vote, the names are told. Raises PlaygroundError."""
    if not race.is_blind:
        raise BadInput("not_blind", _("Only a blind race has a vote."))
    lanes = {lane.pk: lane for lane in race.lanes.all()}
    if any(not lane.is_over for lane in lanes.values()):
        raise BadInput("race_runs", _("Wait until all have answered, or stop those that have not."))
    if (ballot.verdict == "best") != (ballot.run is not None):
        raise BadInput("bad_vote", _("Name the best answer, or none with “tie” and “all bad”."))
    if ballot.run is not None and (ballot.run not in lanes or not is_whole(lanes[ballot.run])):
        raise BadInput("bad_vote", _("This answer cannot be the best: it was not finished."))
    unvoted = Race.objects.filter(pk=race.pk, verdict="")
    if not unvoted.update(verdict=ballot.verdict, best=ballot.run, voted_at=timezone.now()):
        raise PlaygroundError("voted", _("You have voted already. A vote stays as it is."), status=409)
    race.refresh_from_db()
    announce(race.conversation_id)


def keep(race: Race, run_id: str) -> None:
    """Make the lane's version, unless it has one, and let the conversation go on from it. Raises PlaygroundError."""
    if race.is_veiled:
        raise BadInput("vote_first", _("Vote first: as long as nobody has, this answer is without a name."))
    with transaction.atomic():
        locked = Race.objects.select_for_update().get(pk=race.pk)  # two tabs keep one lane once
        run = locked.lanes.select_related("conversation__base", "model__endpoint").filter(pk=run_id).first()
        if run is None or not is_whole(run):
            raise BadInput("nothing_to_keep", _("This answer cannot be kept: it was not finished."))
        if run.version_id is None:
            run.version = save_files(run, _files_of(run)).version
            run.save(update_fields=["version"])
        locked.kept = run
        locked.save(update_fields=["kept"])
        announce(race.conversation_id)
    race.refresh_from_db()


def is_whole(run: Run) -> bool:
    """Whether the answer came to its end: what was stopped or failed is neither kept nor compared."""
    return run.status == RunStatus.FINISHED


def _files_of(run: Run) -> dict[str, bytes]:
    texts = read_files(frame.event for frame in load_frames(run.pk, after=0))
    shown = {path: text.encode() for path, text in texts.items() if text.strip()}
    if not shown:
        raise BadInput("nothing_to_keep", _("This answer holds no page."))
    return join_files({**base_texts(run), **texts}, shown)
