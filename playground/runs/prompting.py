"""What the model is asked: the system prompt, the branch of the conversation so far, and the wish."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from agents.llm.tokens import request_tokens
from agents.llm.types import ChatRequest, Image, Message
from playground.artifacts.blobs import read_blob
from playground.artifacts.extraction import Extractor
from playground.artifacts.extraction.edits import EditOpened
from playground.artifacts.files import is_text, read_file
from playground.artifacts.lineage import latest_edit
from playground.artifacts.models import Version
from playground.protocol import FileOpened, Sampling, TextDelta
from playground.runs.checkpoints import MEND, load_answer
from playground.runs.models import Condensation, Conversation, Run
from playground.runs.pointing import fence, tell_places

_MARGIN = 1.15  # of what is only estimated
_SHORTEST = 1024  # tokens of an answer that is worth asking for


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
    condensation, earlier = told_in_full(run)
    if condensation:
        summary = f"{read_prompt('summary')}\n\n{condensation.summary}"
        messages += [Message("user", summary), Message("assistant", "I know it.")]
    for ancestor in earlier:
        messages += [_wish(ancestor), Message("assistant", retell(ancestor) or "(no answer)")]
    messages.append(_wish(run, base_texts(run)))
    request = ChatRequest(
        model=run.model.model_id,
        messages=tuple(messages),
        max_tokens=min(sampling.max_tokens or run.model.output_limit, run.model.output_limit),
        temperature=sampling.temperature,
        top_p=sampling.top_p,
        seed=sampling.seed,
    )
    return replace(request, max_tokens=fit_answer(request, run.model.context_window))


def fit_answer(request: ChatRequest, window: int) -> int:
    """The limit of the answer, so that it fits the window beside the prompt: servers refuse what does not."""
    room = window - round(request_tokens(request) * _MARGIN)
    return min(request.max_tokens, max(room, _SHORTEST))


def told_in_full(run: Run) -> tuple[Condensation | None, list[Run]]:
    """The summary of the branch's beginning, if there is one, and the answers after it, oldest first."""
    earlier = branch_of(run)[:-1]
    for index in reversed(range(len(earlier))):
        if condensation := earlier[index].condensation:
            return condensation, earlier[index + 1 :]
    return None, earlier


def branch_of(run: Run) -> list[Run]:
    """The run and its ancestors, oldest first."""
    others = run.conversation.runs.select_related("version__artifact").prefetch_related("condensations")
    runs = {other.pk: other for other in others}
    branch = [run]
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
    """The wish itself, and below rules what it points at and the files that it goes on from."""
    images = tuple(Image(_data_url(image["blob"], image["mime"])) for image in run.images)
    parts = [run.prompt]
    if run.places:
        parts.append(f"{read_prompt('places')}\n\n{tell_places(run.read_places(), files or {})}")
    if files:
        listed = "\n\n".join(_show_file(path, text) for path, text in files.items())
        parts.append(f"{read_prompt('edit')}\n\n{listed}")
    return Message("user", "\n\n---\n\n".join(parts), images)


def _show_file(path: str, text: str) -> str:
    return fence(text.removesuffix("\n"), f"{path.rpartition('.')[2]} {path}")


def retell(run: Run) -> str:
    """An earlier answer. The files of one that made a version are among those that are shown as they are now."""
    answer = load_answer(run.pk).replace(MEND, "\n")
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
