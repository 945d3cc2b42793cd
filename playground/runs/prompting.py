"""What the model is asked: the system prompt, the branch of the conversation so far, and the wish."""

from base64 import b64encode
from functools import cache
from pathlib import Path

from agents.llm.types import ChatRequest, Image, Message
from playground.artifacts.blobs import read_blob
from playground.artifacts.files import read_file
from playground.artifacts.models import Version
from playground.protocol import Sampling
from playground.runs.checkpoints import load_answer
from playground.runs.models import Run


@cache
def default_system_prompt() -> str:
    return (Path(__file__).parent / "prompts" / "system.md").read_text(encoding="utf-8").strip()


def build_request(run: Run) -> ChatRequest:
    """Reads the branch from the database. `run.model` is set."""
    assert run.model
    sampling = Sampling.model_validate(run.sampling)
    system = default_system_prompt() if sampling.system_prompt is None else sampling.system_prompt
    if base := run.conversation.base:
        system = f"{system}\n\nThe wishes are about this page:\n\n{_describe(base)}"
    messages = [Message("system", system)] if system.strip() else []
    for ancestor in branch_of(run):
        messages.append(_wish(ancestor))
        if ancestor.pk != run.pk:
            messages.append(Message("assistant", load_answer(ancestor.pk) or "(no answer)"))
    return ChatRequest(
        model=run.model.model_id,
        messages=tuple(messages),
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


def base_version(run: Run) -> Version | None:
    """The version that this run's files are laid over: the nearest one before it on its branch."""
    earlier = (ancestor.version for ancestor in reversed(branch_of(run)[:-1]))
    return next((version for version in earlier if version), run.conversation.base)


def _wish(run: Run) -> Message:
    return Message("user", run.prompt, tuple(Image(_data_url(image["blob"], image["mime"])) for image in run.images))


def _describe(version: Version) -> str:
    return "\n\n".join(
        f"````{path.rpartition('.')[2]} {path}\n{read_file(file).decode()}\n````"
        for path, file in version.files.items()
        if file["mime"].startswith(("text/", "image/svg"))
    )


def _data_url(blob: str, mime: str) -> str:
    return f"data:{mime};base64,{b64encode(read_blob(blob)).decode()}"
