"""A conversation writes one answer at a time, whoever asks. What is asked meanwhile waits, in the database, in order.

A waiting wish is a run without a log. Its turn comes when the one before is over: the process that wrote that one goes
on with it; where it is gone, a worker does. Who begins is decided at the conversation's row. The charge of a wish is
open while it waits, so that it counts; a wish that is taken back gives it back.
"""

import logging
from collections.abc import Collection

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from playground.accounts.charges import check_day
from playground.accounts.models import Charge, User
from playground.errors import BadInput, PlaygroundError, QuotaExceeded
from playground.gateway.services import choose
from playground.protocol import Problem, RunStarted, RunStatus
from playground.runs import conclusion
from playground.runs.answer import Answer
from playground.runs.generation import generate
from playground.runs.handover import handover
from playground.runs.leases import lease
from playground.runs.models import CHAT, Conversation, Run
from playground.runs.prompting import choose_base
from playground.runs.signals import run_begun
from playground.runs.switchboard import announce
from playground.runs.writer import LogWriter

MOST = 20  # waiting wishes of one person

logger = logging.getLogger(__name__)


def lock(user: User | None, conversation: Conversation) -> None:
    """Who begins or queues a wish in it waits for others who do. Within a transaction.

    The person's row comes first, as wherever the day's limits are checked: so that two never wait for each other.
    """
    if user:
        User.objects.select_for_update().filter(pk=user.pk).first()
    Conversation.objects.select_for_update().get(pk=conversation.pk)


def is_busy(conversation: Conversation) -> bool:
    return Run.objects.open().filter(conversation=conversation).exists()


def check_room(user: User, runs: int = 1, *, waits: bool = False) -> None:
    """Whether so many more answers of this person may be written, or wait. Raises QuotaExceeded."""
    if waits and Run.objects.waiting().chats().filter(author=user).count() >= MOST:
        message = _("%(count)d wishes of yours are waiting. Let some be answered first, or take some back.")
        raise QuotaExceeded("too_many_waiting", message % {"count": MOST})
    if not waits and Run.objects.running().chats().filter(author=user).count() + runs > settings.CONCURRENT_RUNS:
        message = _("%(count)d answers are already being written. Wait for one, or stop one.")
        if runs > 1:
            message = _(
                "A race of %(runs)d needs room: at most %(count)d answers are written at a time. "
                "Wait for one, or stop one."
            )
        raise QuotaExceeded("too_many_runs", message % {"count": settings.CONCURRENT_RUNS, "runs": runs})


def find_parent(run: Run) -> Run | None:
    """What the run goes on from, as the conversation stands now."""
    if not run.follows:
        return run.parent
    runs = list(Run.objects.filter(conversation=run.conversation_id).exclude(status=RunStatus.QUEUED))
    parent = run.parent
    while after := _newest_after(runs, parent):
        parent = after
    return parent


def _newest_after(runs: list[Run], parent: Run | None) -> Run | None:
    """Not a lane that nobody has kept: nothing goes on from it."""
    parent_id = parent.pk if parent else None
    after = [run for run in runs if run.parent_id == parent_id and not (run.race_id and not run.version_id)]
    return after[-1] if after else None


def take_back(run: Run) -> bool:
    """Remove a wish that waits. False where its turn has come already."""
    with transaction.atomic():
        if not Run.objects.waiting().filter(pk=run.pk).delete()[0]:
            return False
        Charge.objects.filter(run=run.pk).delete()
        announce(run.conversation_id)
    return True


def drop_strangers(conversation: Conversation, writers: Collection[int]) -> None:
    """Remove what those have waiting who may no longer write here."""
    for run in Run.objects.waiting().filter(conversation=conversation).exclude(author__in=writers):
        take_back(run)


async def carry(run: Run, writer: LogWriter, received: str = "") -> None:
    """`generate`, and then what waits in the conversation, one after the other."""
    await generate(run, writer, received)
    await go_on(run.conversation_id)


async def go_on(conversation: str) -> None:
    """Carry on with what waits, unless an answer is being written."""
    await database_sync_to_async(announce)(conversation)
    while not handover.is_draining:
        turn = await database_sync_to_async(take_next)(conversation)
        if turn is None:
            return
        run, problem = turn
        writer = await open_log(run)
        if problem:
            await fail(run, writer, problem)
        elif run.kind != CHAT:
            await run_begun.asend(sender=Run, run=run)
        else:
            await generate(run, writer)
        await database_sync_to_async(announce)(conversation)


async def open_log(run: Run) -> LogWriter:
    """The log of a run that begins now: from its first frame on, it can be followed."""
    writer = LogWriter(run.pk, run.created_at)
    writer.add(RunStarted(model=run.model_name))
    await writer.flush()
    return writer


async def fail(run: Run, writer: LogWriter, problem: Problem) -> None:
    """End a run that is ours without asking a model."""
    answer = Answer(writer, {})
    last = await database_sync_to_async(conclusion.conclude)(run, writer, answer, reason=None, problem=problem)
    await writer.publish(last)


def take_next(conversation: str) -> tuple[Run, Problem | None] | None:
    """The wish whose turn it is, now running and ours, and why it cannot be answered, if so.

    None where an answer is being written, or nothing waits.
    """
    waiting = Run.objects.waiting().filter(conversation=conversation)
    while head := waiting.select_related("author", "parent", "conversation__base__artifact").first():
        with transaction.atomic():
            problem = _check(head)
            lock(head.author, head.conversation)
            if Run.objects.running().filter(conversation=conversation).exists():
                return None
            if _begin(head):
                announce(conversation)
                run = Run.objects.select_related("conversation__base", "model__endpoint", "parent").get(pk=head.pk)
                return run, problem
    return None


def _begin(run: Run) -> bool:
    """False where it was taken back, or begun, in the meantime."""
    parent = run.parent if run.continues_id else find_parent(run)
    base = run.base if run.continues_id else choose_base(run.conversation, parent)
    until = lease() if run.kind == CHAT else None
    begun = {"status": RunStatus.RUNNING, "lease_until": until, "created_at": timezone.now()}
    return bool(Run.objects.waiting().filter(pk=run.pk).update(parent=parent, base=base, **begun))


def _check(run: Run) -> Problem | None:
    """What may have changed since it was asked: the day's limits, and which models there are."""
    try:
        if run.author and not run.author.is_staff:
            charge = Charge.objects.filter(run=run.pk).first()
            check_day(run.author, charge.address if charge else "", 0)
        if run.model_id is None:
            raise BadInput("model_missing", _("The model “%(name)s” is no longer there.") % {"name": run.model_name})
        choose(run.author, run.model_id)
    except PlaygroundError as error:
        return error.problem()
    return None


def find_stalled() -> list[str]:
    """Conversations in which a wish waits and nothing is written: the process is gone that would have gone on."""
    writing = Run.objects.running().values("conversation")
    waiting = Run.objects.waiting().exclude(conversation__in=writing)
    return list(waiting.order_by().values_list("conversation", flat=True).distinct())
