"""What the model is asked: the system prompt, the branch of the conversation so far, and the wish."""

import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from agents.llm.types import ChatRequest, Image, Message
from playground.artifacts.blobs import read_blob
from playground.artifacts.extraction import Extractor
from playground.artifacts.extraction.edits import EditOpened
from playground.artifacts.files import is_text, read_file
from playground.artifacts.lineage import latest_edit
from playground.artifacts.models import Version
from playground.protocol import FileOpened, Sampling, TextDelta
from playground.runs.checkpoints import load_answer
from playground.runs.models import Conversation, Run


@cache
def read_prompt(name: str) -> str:
    return (Path(__file__).parent / "prompts" / f"{name}.md").read_text(encoding="utf-8").strip()


def default_system_prompt() -> str:
    return read_prompt("system")


def build_request(run: Run) -> ChatRequest:
    """Reads the branch from the database. `run.model` is set.

    The files go in once, as they are now; what earlier answers wrote is told by its name.
    """
    assert run.model
    sampling = Sampling.model_validate(run.sampling)
    system = default_system_prompt() if sampling.system_prompt is None else sampling.system_prompt
    messages = [Message("system", system)] if system.strip() else []
    *earlier, _ = branch_of(run)
    for ancestor in earlier:
        messages += [_wish(ancestor), Message("assistant", _retell(ancestor) or "(no answer)")]
    return ChatRequest(
        model=run.model.model_id,
        messages=(*messages, _wish(run, base_texts(run))),
        max_tokens=min(sampling.max_tokens or run.model.output_limit, run.model.output_limit),
        temperature=sampling.temperature,
        top_p=sampling.top_p,
        seed=sampling.seed,
    )


def branch_of(run: Run) -> list[Run]:
    """The run and its ancestors, oldest first."""
    runs = {other.pk: other for other in run.conversation.runs.select_related("version__artifact")}
    branch = [runs[run.pk]]
    while branch[-1].parent_id:
        branch.append(runs[branch[-1].parent_id])
    return branch[::-1]


def choose_base(conversation: Conversation, parent: Run | None) -> Version | None:
    """The version that a run after `parent` goes on from: the nearest one on its branch, as a person has edited it."""
    earlier = (run.version for run in reversed(branch_of(parent))) if parent else ()
    nearest = next((version for version in earlier if version), conversation.base)
    return latest_edit(nearest) if nearest else None


def base_version(run: Run) -> Version | None:
    """The version that this run's files are laid over."""
    if run.base:
        return run.base
    # An older run, or one whose parent had no version yet when it began.
    earlier = (ancestor.version for ancestor in reversed(branch_of(run)[:-1]))
    return next((version for version in earlier if version), run.conversation.base)


def base_texts(run: Run) -> dict[str, str]:
    """The text files that the wish goes on from."""
    version = base_version(run)
    files = version.files if version else {}
    return {path: read_file(file).decode() for path, file in files.items() if is_text(file)}


def _wish(run: Run, files: Mapping[str, str] | None = None) -> Message:
    images = tuple(Image(_data_url(image["blob"], image["mime"])) for image in run.images)
    if not files:
        return Message("user", run.prompt, images)
    listed = "\n\n".join(_show_file(path, text) for path, text in files.items())
    return Message("user", f"{run.prompt}\n\n---\n\n{read_prompt('edit')}\n\n{listed}", images)


def _show_file(path: str, text: str) -> str:
    fence = "`" * max(4, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}{path.rpartition('.')[2]} {path}\n{text.removesuffix(chr(10))}\n{fence}"


def _retell(run: Run) -> str:
    """An earlier answer. The files of one that made a version are among those that are shown as they are now."""
    answer = load_answer(run.pk)
    return outline(answer) if run.version_id else answer


def outline(answer: str) -> str:
    """An answer's prose, with its files by their names."""
    extractor = Extractor()
    told: list[str] = []
    for part in [*extractor.feed(answer), *extractor.finish()]:
        match part:
            case TextDelta(text=text):
                told.append(text)
            case FileOpened(path=path):
                told.append(f"\n[wrote {path}]\n")
            case EditOpened(path=path):
                told.append(f"\n[edited {path or 'the file'}]\n")
    return "".join(told).strip()


def _data_url(blob: str, mime: str) -> str:
    return f"data:{mime};base64,{b64encode(read_blob(blob)).decode()}"
