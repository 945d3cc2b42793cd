"""The verbs of people about builds. Views call these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agents.state import State, rebuild
from agents.task import Limits
from playground import background
from playground import protocol as wire
from playground.accounts.charges import open_charge
from playground.accounts.models import User
from playground.accounts.quotas import check_may_start
from playground.builds.ending import end_unheld
from playground.builds.means import known_means
from playground.builds.models import Build, Entry, Message
from playground.builds.tasks import wake_worker
from playground.errors import BadInput, NotFound, PlaygroundError, QuotaExceeded
from playground.gateway.models import Model
from playground.gateway.services import choose
from playground.protocol import BuildRequest, RunStatus
from playground.runs.branching import begin_conversation
from playground.runs.footage import Footage
from playground.runs.models import BUILD, Conversation, Run
from playground.runs.prompting import choose_base
from playground.runs.queue import find_parent, go_on, is_busy, lock, open_log
from playground.runs.services import find_place
from playground.runs.sharing import check_may_write
from playground.runs.switchboard import announce

MOST_MESSAGES = 50  # to one build


@dataclass(frozen=True, slots=True)
class Order:
    """A build that is wanted."""

    prompt: str
    model: Model
    checklist: list[str]
    engine: str
    limits: Limits
    sampling: dict[str, object]
    places: list[dict[str, object]]
    origin: Run | None = None
    step: int = 0
    seed: dict[str, Any] = field(default_factory=dict)


async def start(*, user: User, address: str, request: BuildRequest) -> Run:
    """Returns as soon as it has its place in the queue. Raises PlaygroundError."""
    return await _begin(await database_sync_to_async(_create)(user, address, request))


async def fork(*, user: User, address: str, run: Run, body: wire.BuildFork, stops: bool = False) -> Run:
    """A build that goes on from the files and the plan of another one after some step. `stops` that one first."""
    forked = await database_sync_to_async(_create_fork)(user, address, run, body, stops)
    if stops:
        background.spawn(end_unheld(run.pk), name=f"end of {run.pk}")
    return await _begin(forked)


async def branch(*, user: User, address: str, footage: Footage, step: int, model: int | str | None) -> Run:
    """A fork of a build that is somebody else's, in a conversation of one's own."""
    return await _begin(await database_sync_to_async(_create_branch)(user, address, footage, step, model))


async def stop(run: Run, mode: str) -> None:
    """Harmless on one that is over."""
    build = Build.objects.filter(pk=run.pk, run__in=Run.objects.open())
    if await build.aupdate(stop=mode):
        background.spawn(end_unheld(run.pk), name=f"end of {run.pk}")


def steer(user: User, run: Run, text: str) -> Message:
    if run.is_over:
        raise PlaygroundError("build_over", _("This build is over. Go on from it with a new wish."), status=409)
    if run.build.messages.count() >= MOST_MESSAGES:
        raise QuotaExceeded("too_many_messages", _("That is enough for one build: let it end, or stop it."))
    return Message.objects.create(build=run.build, author=user, text=text)


def find_build(user_id: int | None, run_id: str) -> Run:
    """One that this person may see."""
    runs = Run.objects.visible_to(user_id).filter(kind=BUILD)
    run = runs.select_related("conversation", "build", "model", "author", "base").filter(pk=run_id).first()
    if run is None:
        raise NotFound("build_not_found", _("This build does not exist."))
    return run


def state_at(build: Build, step: int | None) -> State | None:
    """How it stood after that step; now without one. None where it has not begun."""
    if step is None:
        journal = build.read_journal()
    else:
        after = Entry.objects.filter(build=build, step__gt=step).values_list("seq", flat=True).first()
        journal = build.read_journal(after)
    if step is not None and step > build.step:
        raise NotFound("step_not_found", _("There is no such step."))
    if not journal and build.next_seq:
        raise NotFound("steps_forgotten", _("What happened in this build is no longer kept."))
    return rebuild(journal) if journal else None


def cap_limits(wanted: wire.LimitsWish | None = None) -> Limits:
    """What the settings allow, or less."""
    most: Mapping[str, float] = settings.BUILD_LIMITS
    given = wanted.model_dump(exclude_none=True) if wanted else {}
    capped = {name: min(given.get(name, limit), limit) for name, limit in most.items()}
    return Limits.model_validate({**capped, "cost": given.get("cost")})


def choose_model(user: User, wanted: int | str | None) -> Model:
    """One that can build: the Demo reel cannot."""
    model = choose(user, wanted)
    others = [each for each in Model.objects.usable_by(user) if not each.is_demo]
    if wanted is None and model.is_demo and others:
        return others[0]
    if model.is_demo:
        names = ", ".join(each.name for each in others[:3])
        message = _("The Demo reel only replays clips and cannot build. Choose a model that runs, such as %(names)s.")
        if not others:
            message = _(
                "The Demo reel only replays clips and cannot build. Connect a model: set OPENAI_API_KEY and start "
                "again, or add an endpoint in the admin."
            )
        raise BadInput("demo_cannot_build", message % {"names": names})
    return model


async def _begin(run: Run) -> Run:
    if run.status == RunStatus.RUNNING:
        await open_log(run)
        await database_sync_to_async(wake_worker)()
    else:
        background.spawn(go_on(run.conversation_id), name=f"queue of {run.conversation_id}")
    return run


def _create(user: User, address: str, request: BuildRequest) -> Run:
    if request.images:
        raise BadInput("no_images", _("A build cannot take pictures along yet. Describe what they show."))
    order = Order(
        prompt=request.prompt,
        model=choose_model(user, request.model),
        checklist=list(request.checklist),
        engine=request.engine,
        limits=cap_limits(request.limits),
        sampling=request.sampling.model_dump(exclude_none=True),
        places=[place.model_dump() for place in request.places],
    )
    _check_engine(request.engine)
    with transaction.atomic():
        conversation, parent = find_place(user, request)
        return _add(user, address, order, conversation, parent, follows=request.follows)


def _create_fork(user: User, address: str, run: Run, body: wire.BuildFork, stops: bool) -> Run:
    check_may_write(user, run.conversation)
    build = run.build
    order = Order(
        prompt=body.prompt.strip() or run.prompt,
        model=choose_model(user, run.model_id),
        checklist=build.checklist,
        engine=build.engine,
        limits=Limits.model_validate(build.limits),
        sampling=run.sampling,
        places=[],
        origin=run,
        step=body.step,
        seed=_seed_at(build, body.step),
    )
    with transaction.atomic():
        if stops:
            Build.objects.filter(pk=run.pk, run__in=Run.objects.open()).update(stop="now")
        return _add(user, address, order, run.conversation, run.parent, follows=False)


def _create_branch(user: User, address: str, footage: Footage, step: int, model: int | str | None) -> Run:
    """Of the build itself it takes the files and the plan, which the film shows, and nothing that was told to it."""
    assert footage.run
    build = footage.run.build
    order = Order(
        prompt=footage.version.prompt,
        model=choose_model(user, model),
        checklist=[],
        engine=build.engine,
        limits=cap_limits(),
        sampling={},
        places=[],
        seed=_seed_at(build, step),
    )
    _check_engine(build.engine)
    with transaction.atomic():
        run = _add(user, address, order, begin_conversation(user, footage), None, follows=False)
        run.branch_of = footage.version
        run.save(update_fields=["branch_of"])
    return run


def _seed_at(build: Build, step: int) -> dict[str, Any]:
    state = state_at(build, step)
    return {
        "files": state.files if state else {},
        "plan": [item.model_dump() for item in state.plan] if state else [],
    }


def _add(
    user: User, address: str, order: Order, conversation: Conversation, parent: Run | None, *, follows: bool
) -> Run:
    """Within a transaction."""
    lock(user, conversation)
    waits = is_busy(conversation)
    _check_room(user)
    check_may_start(user, address)
    run = Run(
        conversation=conversation,
        author=user,
        parent=parent,
        follows=follows,
        kind=BUILD,
        status=RunStatus.QUEUED if waits else RunStatus.RUNNING,
        prompt=order.prompt,
        places=order.places,
        model=order.model,
        model_name=order.model.name,
        sampling=order.sampling,
    )
    if not waits:
        run.parent = find_parent(run)
    run.base = choose_base(conversation, run.parent)
    run.save()
    run.build = Build.objects.create(
        run=run,
        engine=order.engine,
        language=get_language() or "en",
        checklist=order.checklist,
        limits=order.limits.model_dump(),
        origin=order.origin,
        origin_step=order.step,
        seed=order.seed,
    )
    conversation.updated_at = timezone.now()
    conversation.save(update_fields=["updated_at"])
    announce(conversation.pk)
    open_charge(user=user, address=address, run=run.pk, kind=run.kind, model=order.model.name)
    return run


def _check_room(user: User) -> None:
    most = settings.OPEN_BUILDS["guest" if user.is_guest else "user"]
    if Run.objects.open().filter(author=user, kind=BUILD).count() >= most:
        message = _("%(count)d builds of yours are not over yet. Wait for one, or stop one.") % {"count": most}
        raise QuotaExceeded("too_many_builds", message)


def _check_engine(name: str) -> None:
    """As the workers have last said; where none has, the worker that claims it decides."""
    known = known_means()
    engines = [wire.EngineInfo.model_validate(each) for each in known["engines"]] if known else []
    found = next((engine for engine in engines if engine.name == name), None)
    if found and not found.is_available:
        raise BadInput("no_engine", found.why or _("This engine is not available here."))
