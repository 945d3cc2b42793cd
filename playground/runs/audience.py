"""What one connection watches: one conversation's news, and whether it may still see the runs of others' conversations.

The same for a websocket and for HTTP: `Audience` calls `tell` with what is to be sent, and `cut` with a conversation
that may not be seen any more.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from channels.db import database_sync_to_async
from django.utils.translation import gettext as _

from playground import background
from playground.protocol import ConversationNews, Problem, Refused
from playground.runs.models import Conversation, Run
from playground.runs.together import Watcher, watching

type Tell = Callable[[ConversationNews | Refused], Awaitable[None]]


def find_conversations(user_id: int | None, runs: Iterable[str]) -> dict[str, tuple[str, bool]]:
    """Of those runs that this person may see: the conversation, and whether it is the person's own."""
    visible = Run.objects.visible_to(user_id).filter(pk__in=list(runs))
    rows = visible.values_list("pk", "conversation", "conversation__owner")
    return {run: (conversation, owner == user_id) for run, conversation, owner in rows}


def may_watch(user_id: int | None, conversation: str) -> bool:
    return Conversation.objects.visible_to(user_id).filter(pk=conversation).exists()


def refusal(conversation: str) -> Refused:
    message = _("This conversation is not shared with you, or not any more. Ask its owner for a link.")
    return Refused(run=None, conversation=conversation, error=Problem(code="conversation_not_found", message=message))


class Audience:
    def __init__(self, user_id: int | None, tell: Tell, cut: Callable[[str], None]) -> None:
        self._user_id = user_id
        self._tell = tell
        self._cut = cut
        self._watch: asyncio.Task[None] | None = None
        self._guards: dict[str, asyncio.Task[None]] = {}

    async def watch(self, conversation: str, stamp: str) -> None:
        self.unwatch()
        if self._user_id is None or not await database_sync_to_async(may_watch)(self._user_id, conversation):
            self._cut(conversation)
            await self._tell(refusal(conversation))
            return
        watcher = Watcher(self._user_id, is_present=True, stamp=stamp)
        self._watch = background.spawn(self._follow(conversation, watcher), name=f"watcher of {conversation}")

    def unwatch(self) -> None:
        if self._watch:
            self._watch.cancel()
            self._watch = None

    def guard(self, conversation: str) -> None:
        """Runs of somebody else's conversation are followed: `cut` as soon as that is not allowed any more."""
        if self._user_id is not None and conversation not in self._guards:
            watcher = Watcher(self._user_id, is_present=False)
            guarding = self._follow(conversation, watcher, is_silent=True)
            self._guards[conversation] = background.spawn(guarding, name=f"guard of {conversation}")

    def close(self) -> None:
        self.unwatch()
        for task in self._guards.values():
            task.cancel()

    async def _follow(self, conversation: str, watcher: Watcher, *, is_silent: bool = False) -> None:
        async with watching(conversation, watcher):
            while not watcher.is_out:
                news = await watcher.next()
                if news and not is_silent:
                    await self._tell(news)
        self._guards.pop(conversation, None)
        self._cut(conversation)
        if not is_silent:
            await self._tell(refusal(conversation))
