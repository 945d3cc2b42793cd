"""The real Qwen Code, where the tests' set-up has put it, and models that play it by its own tools' names."""

from pathlib import Path

from agents.engines.finding import Cli, find_qwen
from agents.misbehaving.connection import Call, Connection
from agents.misbehaving.habits import Behave, says
from agents.misbehaving.pages import MISTAKE
from agents.misbehaving.repertoire import Misbehaviour

QWEN = Path(__file__).parents[3] / ".tools" / "qwen" / "node_modules" / ".bin" / "qwen"
FOUND = find_qwen(str(QWEN))
HAS_QWEN = isinstance(FOUND, Cli)

PLAN = Call.of("todo_write", todos=[{"id": "1", "content": "A counter", "status": "in_progress"}])
WRITE = Call.of("write_file", file_path="/work/index.html", content=MISTAKE)
READ = Call.of("read_file", file_path="/work/index.html")
REPAIR = Call.of(
    "edit", file_path="/work/index.html", old_string="document.getElementByID", new_string="document.getElementById"
)
DONE_TEXT = "A counter with one button. Press it to count."
DONE = says(DONE_TEXT)


def shell(command: str) -> Call:
    return Call.of("run_shell_command", command=command, is_background=False, description="try")


def play(*moves: Behave) -> Misbehaviour:
    """One after the other, and the last again and again. It answers for the first time before it is asked."""

    async def behave(connection: Connection) -> None:
        await moves[min(connection.turn - 1, len(moves) - 1)](connection)

    return Misbehaviour("plays Qwen Code", behave)
