"""What the loop of a build needs, from the database and the run's log. It belongs to one owner's one slice."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import transaction
from django.utils import translation

from agents.events import Answered, Event, Steered
from agents.host import Message as Told
from agents.host import Orders, Progress, Stop, Writing
from agents.state import State, rebuild
from playground import background
from playground import protocol as wire
from playground.artifacts.blobs import put_blob, read_blob
from playground.builds import leases
from playground.builds.journal import take
from playground.builds.models import Build, Entry, Message
from playground.builds.telling import tell, use_of
from playground.runs.checkpoints import save_checkpoint
from playground.runs.models import Run
from playground.runs.patience import patiently
from playground.runs.writer import LogWriter, Stretch

FRESH = 0.4  # seconds that orders are believed
SHOWN = 0.25  # seconds in which what the model writes comes together
_PIECE = 2_000  # characters of what is written, in one frame


class Lost(Exception):
    """The build is somebody else's by now, or it was deleted."""


class Turn:
    """A slice gives way when its time is over and somebody else's build waits; or when the worker is to end."""

    def __init__(self, build: Build, is_draining: Callable[[], bool]) -> None:
        self.is_draining = is_draining
        self._build = build
        self._over_at = time.monotonic() + settings.BUILD_SLICE

    def is_over(self) -> bool:
        """Asks the database."""
        if self.is_draining():
            return True
        return time.monotonic() > self._over_at and leases.is_wanted(self._build)


class DatabaseHost:
    """`journal` is what was kept before this slice."""

    def __init__(self, build: Build, journal: Sequence[Event], writer: LogWriter, turn: Turn) -> None:
        self.build = build
        self.state: State | None = rebuild(journal) if journal else None
        self._last = journal[-1] if journal else None
        self._writer = writer
        self._turn = turn
        self._writing = asyncio.Lock()  # who numbers frames
        self._shown: list[Progress] = []
        self._orders = Orders()
        self._read_at = -FRESH
        self._stop: Stop | None = None  # ours, whatever the person wants
        self._is_lost = False

    # ------------------------------------------------------------------------------------ agents.host

    async def journal(self, event: Event) -> None:
        async with self._writing:
            told = await database_sync_to_async(self._tell)(event)
            self._take_shown()
            await self._writer.publish(await patiently(self._keep, event, told))
            self._last = event

    async def read_orders(self) -> Orders:
        if self._is_lost:
            raise Lost
        if time.monotonic() - self._read_at >= FRESH:
            self._orders = await patiently(self._look)
            self._read_at = time.monotonic()
        return self._orders

    def show(self, progress: Progress) -> None:
        self._shown.append(progress)

    async def keep(self, content: bytes) -> str:
        return await database_sync_to_async(put_blob)(content)

    async def fetch(self, sha256: str) -> bytes:
        return await database_sync_to_async(read_blob)(sha256)

    # ------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def alive(self) -> AsyncIterator[None]:
        """Meanwhile the lease is renewed, and what the model writes is shown."""
        tasks = [
            background.spawn(self._renew(), name=f"lease of {self.build.pk}"),
            background.spawn(self._flush(), name=f"log of {self.build.pk}"),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    def give_up(self) -> None:
        """End it with the best there is: the model stays away."""
        self._stop = Stop.KEEP_BEST

    async def _renew(self) -> None:
        is_ours = True
        while is_ours:
            await asyncio.sleep(leases.BEAT)
            is_ours = await patiently(leases.renew, self.build.run)
        self._is_lost = True

    async def _flush(self) -> None:
        while True:
            await asyncio.sleep(SHOWN)
            if self._shown:
                async with self._writing:
                    self._take_shown()
                    await self._writer.flush()

    def _take_shown(self) -> None:
        shown, self._shown = self._shown, []
        self._writer.add(*tell_progress(shown, self.state.step if self.state else 0))

    def _look(self) -> Orders:
        asked = Run.objects.filter(pk=self.build.pk).values_list("fence", "cancel_requested_at", "build__stop").first()
        if asked is None or asked[0] != self.build.run.fence:
            raise Lost
        stop = Stop.NOW if asked[1] else Stop(asked[2]) if asked[2] else self._stop
        messages = Message.objects.filter(build=self.build.pk).values_list("pk", "text")
        return Orders(stop, self._turn.is_over(), tuple(Told(id=pk, text=text) for pk, text in messages))

    def _tell(self, event: Event) -> list[wire.BuildEvent]:
        """Take the event into the state, and say what the log tells of it."""
        scene, self.state = take(self.state, event, self._last)
        scene = replace(scene, is_draining=self._turn.is_draining())
        with translation.override(self.build.language):
            return tell(self.build, scene, event)

    def _keep(self, event: Event, told: Sequence[wire.BuildEvent]) -> Stretch:
        """The event, what follows from it, and what the log tells of it: in one transaction, if it is still ours."""
        with self._writer.restoring(), transaction.atomic():
            is_kept = self._is_kept(event)  # the database went away when it had done it, before it could say so
            self._writer.add(*told)
            stretch = self._writer.number()
            unsaved = self._writer.take_unsaved()
            if not is_kept:
                if not leases.renew(self.build.run):
                    raise Lost
                self._save(event)
                if unsaved.lines:
                    save_checkpoint(self.build.pk, unsaved.lines, "")
        if stretch.lines:
            self._writer.mark_saved(stretch.lines[-1].seq)
        self.build.next_seq += 1
        return stretch

    def _is_kept(self, event: Event) -> bool:
        ours = Entry.objects.filter(build=self.build.pk, seq=self.build.next_seq, fence=self.build.run.fence)
        return ours.filter(event=event.model_dump_json()).exists()

    def _save(self, event: Event) -> None:
        assert self.state
        build, after = self.build, self.state
        Entry.objects.create(
            build=build,
            seq=build.next_seq,
            fence=build.run.fence,
            kind=event.type,
            step=after.step,
            event=event.model_dump_json(),
        )
        fields: dict[str, object] = {
            "next_seq": build.next_seq + 1,
            "step": after.step,
            "files": after.files,
            "plan": [item.model_dump() for item in after.plan],
            "used": use_of(after.spent, build.used, event).model_dump(),
            "best": after.best.report.model_dump(mode="json", exclude={"verdict", "gates"}) if after.best else None,
            "claims": 0,
        }
        if isinstance(event, Answered):
            fields["pauses"] = 0
        if isinstance(event, Steered):
            Message.objects.filter(pk=event.id).update(is_told=True)
        Build.objects.filter(pk=build.pk).update(**fields)
        for name, value in fields.items():
            if name != "next_seq":
                setattr(build, name, value)


def tell_progress(shown: Sequence[Progress], step: int) -> list[wire.BuildEvent]:
    """What was written of one thing comes together, in pieces that a frame can hold; of signs of life, the last."""
    told: list[wire.BuildEvent] = []
    for kind, text in _join(shown):
        for start in range(0, len(text), _PIECE):
            piece = text[start : start + _PIECE]
            told.append(
                wire.BuildWriting(step=kind.step, tool=kind.tool[:60], text=piece, is_reasoning=kind.is_reasoning)
            )
    working = [each for each in shown if not isinstance(each, Writing)]
    if working:
        told.append(wire.BuildWorking(step=step, what=working[-1].what[:60], seconds=round(working[-1].seconds, 1)))
    return told


def _join(shown: Sequence[Progress]) -> list[tuple[Writing, str]]:
    joined: list[tuple[Writing, list[str]]] = []
    for each in shown:
        if not isinstance(each, Writing):
            continue
        if joined and _is_same(joined[-1][0], each):
            joined[-1][1].append(each.text)
        else:
            joined.append((each, [each.text]))
    return [(kind, "".join(texts)) for kind, texts in joined]


def _is_same(one: Writing, other: Writing) -> bool:
    return (one.step, one.tool, one.is_reasoning) == (other.step, other.tool, other.is_reasoning)
