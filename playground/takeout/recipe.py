"""How a version came about, for programs (`recipe.json`) and for people (the card).

It tells what the permalink tells whoever may open the version. The system prompt is the owner's alone, and of versions
that this one goes back to, only those are told that the reader may open.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from playground.accounts.models import User
from playground.artifacts.addresses import public_url
from playground.artifacts.lineage import source_of
from playground.artifacts.models import Artifact, Version
from playground.artifacts.network import cut_hosts
from playground.runs.making import making_of
from playground.runs.models import Run

_LONGEST_LINE = 500  # versions


@dataclass(frozen=True, slots=True)
class Recipe:
    facts: dict[str, Any]

    @property
    def card(self) -> str:
        return write_card(self.facts)


def make_recipe(version: Version, reader: User | None) -> Recipe:
    artifact = version.artifact
    line = _line(version, reader)
    runs = {run.version_id: run for run in Run.objects.filter(version__in=line).select_related("model", "conversation")}
    facts: dict[str, Any] = {
        "title": artifact.title,
        "permalink": public_url(version.get_absolute_url()),
        "version": version.number,
        "label": version.label,
        "made_by": version.maker,
        "owner": artifact.owner.public_name,
        "author": version.author.public_name if version.author else "",
        "created_at": _moment(version.created_at),
        "entry": version.entry,
        "is_demo": version.is_demo,
        "steps": [_step(each, runs.get(each.pk), reader) for each in line],
        "remix_of": _source(artifact, reader),
        "libraries": dict(sorted(version.pins.items())),
        "may_reach": cut_hosts(artifact.allowed_hosts),
        "files": {path: file["size"] for path, file in sorted(version.files.items())},
    }
    return Recipe(facts)


def _line(version: Version, reader: User | None) -> list[Version]:
    """The version and those that it goes back to, oldest first, as far as the reader may look."""
    line: list[Version] = []
    visible = Artifact.objects.visible_to(reader)
    at: Version | None = version
    while at is not None and len(line) < _LONGEST_LINE:
        if at.artifact_id != version.artifact_id and not visible.filter(pk=at.artifact_id).exists():
            break
        line.insert(0, at)
        at = Version.objects.select_related("artifact").filter(pk=at.parent_id).first() if at.parent_id else None
    return line


def _step(version: Version, run: Run | None, reader: User | None) -> dict[str, Any]:
    step: dict[str, Any] = {
        "version": version.number,
        "permalink": public_url(version.get_absolute_url()),
        "made_by": version.maker,
        "prompt": version.prompt,
        "model": version.model_name,
    }
    return step | (_cooking(run, reader) if run else {})


def _cooking(run: Run, reader: User | None) -> dict[str, Any]:
    made = making_of(run, reader)
    usage = made.usage
    return {
        "settings": made.settings,
        "tokens": {"input": usage.input_tokens, "output": usage.output_tokens, "estimated": usage.estimated}
        if usage
        else None,
        "cost": None if made.cost is None else float(round(made.cost, 6)),
        "seconds": None if made.seconds is None else round(made.seconds, 1),
    }


def _source(artifact: Artifact, reader: User | None) -> dict[str, Any] | None:
    source = source_of(artifact, reader)
    if source is None:
        return None
    return {"title": source.artifact.title, "permalink": public_url(source.get_absolute_url())}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def write_card(facts: dict[str, Any]) -> str:
    """Markdown. Always in English: it goes along with the file, to readers whose language nobody knows."""
    lines = [f"# {_plain(facts['title'])}", "", f"Version {facts['version']} of {facts['permalink']}", ""]
    lines += ["## Recipe", ""]
    if facts["is_demo"]:
        lines += ["From the Demo reel: written by hand, no model was running.", ""]
    for number, step in enumerate(facts["steps"], 1):
        lines += [f"### {number}. {_heading(step)}", "", *_quote(step["prompt"]), *_details(step), ""]
    if facts["remix_of"]:
        lines += [f"Remix of {_plain(facts['remix_of']['title'])}: {facts['remix_of']['permalink']}", ""]
    if facts["libraries"]:
        lines += ["## Libraries", "", *(f"- {asked}: {exact}" for asked, exact in facts["libraries"].items()), ""]
    return "\n".join(lines).rstrip() + "\n"


def _heading(step: dict[str, Any]) -> str:
    made = {"model": "made by a model", "hand": "edited by hand", "remix": "remixed", "restored": "restored"}
    return f"Version {step['version']}, {made.get(step['made_by'], 'published')}"


def _quote(prompt: str) -> list[str]:
    return [*(f"> {line}".rstrip() for line in prompt.splitlines()), ""] if prompt else []


def _details(step: dict[str, Any]) -> list[str]:
    details = [f"- Model: {step['model']}"] if step["model"] else []
    details += [f"- {key.replace('_', ' ').capitalize()}: {value}" for key, value in step.get("settings", {}).items()]
    if tokens := step.get("tokens"):
        about = " (estimated)" if tokens["estimated"] else ""
        details.append(f"- Tokens: {tokens['input']} in, {tokens['output']} out{about}")
    if step.get("cost") is not None:
        about = " (from estimated tokens)" if step["tokens"]["estimated"] else ""
        details.append(f"- Cost: {step['cost']:.6g}{about}, in the currency of this playground's prices")
    if step.get("seconds") is not None:
        details.append(f"- Time: {step['seconds']} s")
    return details


def _plain(text: str) -> str:
    return " ".join(text.split())
