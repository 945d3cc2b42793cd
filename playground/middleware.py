"""What the middlewares of this project have in common."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable

from asgiref.sync import markcoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

type Next = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


class AsyncMiddleware(ABC):
    """On the loop only."""

    sync_capable = False
    async_capable = True

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        markcoroutinefunction(self)

    @abstractmethod
    async def __call__(self, request: HttpRequest) -> HttpResponseBase: ...
