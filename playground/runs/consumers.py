import asyncio
from contextlib import aclosing

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.utils.translation import gettext as _
from pydantic import ValidationError

from playground import background
from playground.protocol import (
    ConversationNews,
    Follow,
    Ping,
    Pong,
    Problem,
    Refused,
    Seen,
    Unfollow,
    Unwatch,
    Watch,
    client_message,
)
from playground.runs.audience import Audience, find_conversations
from playground.runs.lines import messages_of
from playground.runs.models import Run
from playground.runs.veil import follow_veiled
from playground.runs.window import Window

MAX_FOLLOWED = 64


class RunConsumer(AsyncWebsocketConsumer):
    """A browser's socket: it follows runs. The frames of all followed runs share the one connection.

    Channels awaits each handler before it reads the next message, so handlers return at once and following is a
    task per run.
    """

    async def connect(self) -> None:
        self.following: dict[str, asyncio.Task[None]] = {}
        self.windows: dict[str, Window] = {}  # of those, where the browser tells what it has seen
        self.shared: dict[str, str] = {}  # of the runs that are followed, those of others: their conversations
        user_id = getattr(self.scope["user"], "pk", None)  # None for a visitor without a session
        self.audience = Audience(user_id, self._tell, self._cut)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        for task in self.following.values():
            task.cancel()
        self.audience.close()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            message = client_message.validate_json(text_data or "")
        except ValidationError:
            await self._refuse(None, "bad_message", _("This message could not be read."))
            return
        match message:
            case Follow():
                await self._follow(message)
            case Seen():
                self._see(message)
            case Unfollow(run=run):
                self._unfollow(run)
            case Watch(conversation=conversation, stamp=stamp):
                await self.audience.watch(conversation, stamp)
            case Unwatch():
                self.audience.unwatch()
            case Ping():
                await self.send(text_data=Pong().model_dump_json())

    async def _follow(self, asked: Follow) -> None:
        run = asked.run
        self._unfollow(run)
        if len(self.following) >= MAX_FOLLOWED:
            await self._refuse(run, "too_many_followed", _("Too many answers are followed on this connection."))
        elif not await self._may_see(run):
            await self._refuse(run, "run_not_found", _("This answer does not exist."))
        else:
            if run in self.shared:
                self.audience.guard(self.shared[run])
            window = Window() if asked.tells else None
            if window:
                self.windows[run] = window
            work = self._send_frames(run, asked.after, window)
            self.following[run] = background.spawn(work, name=f"follow {run}")

    def _see(self, seen: Seen) -> None:
        if window := self.windows.get(seen.run):
            window.see(seen.seq)

    def _unfollow(self, run: str) -> None:
        self.windows.pop(run, None)
        if task := self.following.pop(run, None):
            task.cancel()

    async def _may_see(self, run: str) -> bool:
        user_id = getattr(self.scope["user"], "pk", None)
        found = (await database_sync_to_async(find_conversations)(user_id, [run])).get(run)
        if found is None:
            return False
        conversation, is_own = found
        if not is_own:
            self.shared[run] = conversation
        return True

    async def _tell(self, message: ConversationNews | Refused) -> None:
        await self.send(text_data=message.model_dump_json())

    def _cut(self, conversation: str) -> None:
        """Its runs are followed no longer."""
        for run in [run for run, other in self.shared.items() if other == conversation]:
            del self.shared[run]
            self._unfollow(run)

    async def _send_frames(self, run: str, after: int, window: Window | None) -> None:
        try:
            async with aclosing(follow_veiled(run, after)) as batches:
                async for lines in batches:
                    for seq, message in messages_of(lines):
                        if window:
                            await window.wait()
                            window.send(seq, len(message))
                        await self.send(text_data=message)
        except Run.DoesNotExist:  # deleted while it was followed
            pass
        except Exception:
            await self.close(code=1011)  # the browser connects again and goes on from its last frame
            raise
        if self.following.get(run) is asyncio.current_task():
            self._unfollow(run)

    async def _refuse(self, run: str | None, code: str, message: str) -> None:
        refused = Refused(run=run, error=Problem(code=code, message=message))
        await self.send(text_data=refused.model_dump_json())
