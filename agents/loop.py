"""The loop: ask the model, run what it calls, look at the page, have it mended, end with the best there is.

What comes next follows from the state alone, and the state from the journal; so it does not matter who goes on.
"""

from collections.abc import Sequence
from pathlib import Path

from agents.asking import ask
from agents.ending import wrap_up
from agents.events import End, Event, Resumed
from agents.host import Host, Means
from agents.shift import Over, Shift
from agents.state import rebuild
from agents.using import use
from agents.working import work
from agents.workspace import Workspace

SILENT = 2  # answers without a call that are forgiven


class Loop:
    """One owner's turn at a build. `folder` is empty, and nobody else's."""

    def __init__(self, journal: Sequence[Event], means: Means, host: Host, folder: Path) -> None:
        self._is_new = len(journal) == 1
        self._shift = Shift(rebuild(journal), means, host, Workspace(folder))

    async def run(self) -> End:
        """Until it is over, or pauses. Raises what `Host.journal` raises."""
        shift = self._shift
        if shift.state.end:
            return shift.state.end
        await shift.fill(shift.state.files)
        if not self._is_new:
            await shift.emit(Resumed(abandoned=shift.state.open))
        return await work(shift, self._take_step)

    async def _take_step(self) -> End | None:
        shift, state = self._shift, self._shift.state
        if state.pending:
            await use(shift, state.pending[0])
            return None
        if state.wrapping:
            return await wrap_up(shift)
        if state.silent > SILENT:
            raise Over("no_call", "The model did not call a tool any more.")
        return await ask(shift)
