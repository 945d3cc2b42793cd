from channels.db import database_sync_to_async

from playground.builds.leases import claim
from playground.builds.working import work_on
from playground.ids import new_id
from playground.runs.queue import go_on


async def end_unheld(run_id: str) -> None:
    """Of a build that a person has stopped, and that nobody works at: take it, and let the loop end it, which it does
    before it does anything else.
    """
    build = await database_sync_to_async(claim)(run_id, new_id())
    if build:
        await work_on(build, lambda: False)
        await go_on(build.run.conversation_id)
