"""Who is at the other end of a websocket: `scope["user"]`, as Django's session tells it."""

from typing import Any

from channels.auth import AuthMiddlewareStack


class Visitors:
    """Channels' own middleware, but for what it lays around `send`: it looks at the session with each message, to save
    it with one that could carry a cookie. Ours do not change the session.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        async def answer(scope: Any, receive: Any, _looking: Any) -> Any:
            return await self.application(scope, receive, send)

        known: Any = AuthMiddlewareStack(answer)
        return await known(scope, receive, send)
