"""Qwen Code as an engine: it works until it says that it is done; then our check looks, and it is sent back to mend.

Its steps are at least once: what it did after the last result that was kept is done again, from the files as they were
then, by a new process that goes on with its conversation.
"""

import json
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from agents.conversation import tell_wish
from agents.ending import wrap_up
from agents.engines.cage import PORT, Rooms, build_command
from agents.engines.finding import Cli
from agents.engines.program import run_program
from agents.engines.turn import Broke, Turn
from agents.events import End, Event, Recorded, Resumed, Warned, Wrapping
from agents.host import Host, Means
from agents.prompts import read_prompt
from agents.shift import Over, Shift
from agents.state import State, rebuild
from agents.working import work
from agents.workspace import MAX_FILE_BYTES, Denied, Workspace

# They need the network, a person, or a second model; or go on when the turn is over.
_EXCLUDED = (
    "agent,ask_user_question,cron_create,cron_delete,cron_list,exit_plan_mode,lsp,monitor,save_memory,send_message,"
    "skill,task_stop,tool_search,web_fetch,web_search"
)
_RUNTIME = "run"  # in its home
_CHAT = _RUNTIME + "/projects/-work/chats/{session}.jsonl"
_PATIENCE = 3_600_000  # ms that it waits for an answer; our own limits are shorter
_SPARE = 20  # its own limits are wider than ours by this: ours end a build well


class QwenCode:
    """One owner's turn at a build, like `agents.loop.Loop`. `folder` is empty, and nobody else's."""

    def __init__(self, journal: Sequence[Event], means: Means, host: Host, folder: Path) -> None:
        self._is_new = len(journal) == 1
        self._folder = folder
        self._runs = 0
        (folder / "files").mkdir()
        self._shift = Shift(rebuild(journal), means, host, Workspace(folder / "files"))

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
        shift, cli = self._shift, self._shift.means.qwen
        if shift.state.wrapping:
            return await wrap_up(shift)
        if not isinstance(cli, Cli):
            raise Over("engine", cli.reason if cli else "Qwen Code is not offered here.")
        try:
            return await self._run(cli)
        except Broke as broke:
            await shift.emit(Warned(rule="engine", text=read_prompt("engine_broke", why=broke)))
            await shift.emit(Resumed(abandoned="engine"))
            return None
        finally:
            await shift.fill(shift.state.files)

    async def _run(self, cli: Cli) -> End | None:
        """In rooms of its own, with the files and the conversation as they were kept."""
        shift, state = self._shift, self._shift.state
        self._runs += 1
        rooms = Rooms(self._folder / f"run{self._runs}")
        rooms.build(_prompt(state))
        files = Workspace(rooms.work)
        files.fill(shift.files.contents())
        (rooms.home / ".qwen").mkdir()
        (rooms.home / ".qwen" / "settings.json").write_text(_settings(state))
        session, arguments = str(uuid4()), _arguments(cli, state)
        if last := _record_of(state):
            session = last.session
            chat = zlib.decompress(await shift.host.fetch(last.record))
            Workspace(rooms.home).write(_CHAT.format(session=session), chat)
        arguments += ["--resume" if last else "--session-id", session]

        async def record(changes: dict[str, str | None], wrapping: Wrapping | None) -> None:
            kept = await self._keep_chat(rooms.home, session)
            await shift.emit(Recorded(session=session, record=kept, changes=changes, wrapping=wrapping))

        def command(gate: Path) -> list[str]:
            return build_command(rooms, cli.node, cli.program, arguments, gate, **_variables(state))

        try:
            async with run_program(command, rooms) as inbox:
                return await Turn(shift, files, record).follow(inbox)
        except Broke:
            if last and state.record is last:  # with that conversation it does not even begin
                await shift.emit(Recorded(session=session, record=""))
            raise

    async def _keep_chat(self, home: Path, session: str) -> str:
        """Its SHA-256. Read as the files are: what lies there may be a link that leads out."""
        with suppress(Denied):
            chat = Workspace(home).read(_CHAT.format(session=session))
            chat = chat[: chat.rfind(b"\n") + 1]  # it may be writing
            if 0 < len(chat) < MAX_FILE_BYTES:
                return await self._shift.host.keep(zlib.compress(chat))
        return ""


def _record_of(state: State) -> Recorded | None:
    return state.record if state.record and state.record.record else None


def _prompt(state: State) -> str:
    """For a conversation that goes on, what was said since the last answer; for a new one all that a person wants."""
    said: list[str] = []
    for message in reversed(state.messages):
        if message.role != "user":
            break
        said.insert(0, message.text)
    if state.step and not said:
        said = [read_prompt("engine_resumed")]
    if _record_of(state) is None:
        steered = [read_prompt("steering", text=text) for text in state.steered.values()]
        said = [tell_wish(state), *(text for text in steered if text not in said), *said]
    return "\n\n".join(said)


def _arguments(cli: Cli, state: State) -> list[str]:
    limits, spent = state.task.limits, state.spent
    own = {
        "--max-session-turns": str(limits.model_calls - spent.model_calls + _SPARE),
        "--max-tool-calls": str(limits.tool_calls - spent.tool_calls + _SPARE),
        "--max-wall-time": f"{limits.seconds - spent.seconds + _SPARE:.0f}s",
    }
    arguments = ["--output-format", "stream-json", "--approval-mode", "yolo", "--auth-type", "openai"]
    arguments += ["--exclude-tools", _EXCLUDED, "--append-system-prompt", read_prompt("engine")]
    return [*arguments, *(part for flag in own.items() if flag[0] in cli.flags for part in flag)]


def _variables(state: State) -> dict[str, str]:
    """The key is none: the gate wants none. It is told the model's name, for it treats some in a way of their own."""
    return {
        "OPENAI_BASE_URL": f"http://127.0.0.1:{PORT}/v1",
        "OPENAI_API_KEY": "none",
        "OPENAI_MODEL": state.task.model,
        "QWEN_HOME": "/tmp/home/.qwen",
        "QWEN_RUNTIME_DIR": f"/tmp/home/{_RUNTIME}",
        "QWEN_CODE_NO_RELAUNCH": "1",
        "QWEN_DEBUG_LOG_FILE": "0",
        "NO_COLOR": "1",
    }


def _settings(state: State) -> str:
    """It tells nobody anything, does not ask again what we ask again for it, and asks for nothing but the build."""
    generation = {"contextWindowSize": state.task.window, "timeout": _PATIENCE, "maxRetries": 0}
    return json.dumps(
        {
            "privacy": {"usageStatisticsEnabled": False},
            "telemetry": {"enabled": False},
            "general": {"disableAutoUpdate": True, "enableAutoUpdate": False},
            "memory": {"enableManagedAutoMemory": False, "enableManagedAutoDream": False, "enableAutoSkill": False},
            "experimental": {"emitToolUseSummaries": False},
            "disableAllHooks": True,
            "model": {"generationConfig": generation},
        }
    )
