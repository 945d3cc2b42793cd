"""Who does the work of a build: the loop of `agents`, or a program that is installed on the workers."""

from django.conf import settings
from django.utils.translation import gettext as _

from agents.engines.finding import INSTALL, Cli, Unavailable, find_qwen
from agents.task import Engine
from playground.protocol import EngineInfo

ENGINES: dict[str, Engine] = {"playground": "loop", "qwen_code": "qwen"}  # by their names on the wire


def find_engines() -> list[EngineInfo]:
    """Of this machine. Takes seconds, once a process: the program is tried."""
    return [EngineInfo(name="playground", is_available=True), _describe(find_qwen(settings.QWEN_CODE))]


def _describe(found: Cli | Unavailable) -> EngineInfo:
    if isinstance(found, Cli):
        return EngineInfo(name="qwen_code", is_available=True, version=found.version)
    reasons = {
        "not_installed": _("Qwen Code is not installed on the workers. Install it there with: %s") % INSTALL,
        "no_node": _("Qwen Code needs Node, which is not installed on the workers."),
        "no_walls": _("Qwen Code is not run without bubblewrap, which does not work here."),
    }
    return EngineInfo(name="qwen_code", is_available=False, why=reasons.get(found.code, found.reason))
