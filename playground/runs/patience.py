"""What nothing can be done without waits for the database, where that is away for a while."""

import asyncio
from collections.abc import Callable

from channels.db import database_sync_to_async
from django.db import InterfaceError, OperationalError

PATIENCE = 120.0  # seconds that it may be away
RETRY = 0.5  # seconds between looks whether it is back
UNREACHABLE = (OperationalError, InterfaceError)


async def patiently[**P, T](work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` answers, in the database's thread. Raises one of UNREACHABLE once patience is over."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while True:
        try:
            return await database_sync_to_async(work)(*args, **kwargs)
        except UNREACHABLE:
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(RETRY)
