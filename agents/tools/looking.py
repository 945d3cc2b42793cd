from pydantic import Field

from agents.browser import Act, Encounter, Reaction
from agents.browser.twins import SMALLEST
from agents.inspection import inspect
from agents.reports import describe, list_problems
from agents.tools.tool import Arguments, Bench, Result, Tool, Trouble
from agents.wording import clean, count, fence

MAX_ACTS = 20
_NOISE = 3  # times what changes by itself


class Check(Arguments):
    reason: str = Field(description="What you want to know.")


class Interact(Arguments):
    steps: tuple[Act, ...] = Field(min_length=1, max_length=MAX_ACTS)


async def check(given: Check, bench: Bench) -> Result:
    if bench.inspector is None:
        raise Trouble("There is no browser here, so nothing can be checked.")
    if bench.checks_left <= 0:
        raise Trouble("All checks of this build are used up. Call finish.")
    files = _files(bench)
    report = await inspect(bench.inspector, files, bench.keep)
    return Result(fence(describe(report, files)), report.verdict.replace("_", " "), report=report)


async def interact(given: Interact, bench: Bench) -> Result:
    if bench.inspector is None:
        raise Trouble("There is no browser here, so nothing can be tried.")
    files = _files(bench)
    encounter, picture = await bench.inspector.interact(files, given.steps)
    responses = sum(map(_responds, encounter.reactions))
    text = "\n".join([*map(_describe, encounter.reactions), *_problems(encounter, files)])
    kept = await bench.keep(picture) if picture else ""
    summary = f"{count(len(given.steps), 'step')}, {count(responses, 'response')}"
    return Result(fence(text), summary, picture=kept)


def _files(bench: Bench) -> dict[str, bytes]:
    files = bench.files.contents()
    if not files:
        raise Trouble("There is no file yet.")
    return files


def _responds(reaction: Reaction) -> bool:
    return reaction.text is not None or reaction.changed > max(SMALLEST, _NOISE * reaction.idle)


def _describe(reaction: Reaction) -> str:
    act = reaction.act
    what = clean(" ".join(filter(None, [act.do, act.target, act.value])))
    if reaction.trouble:
        return f"- {what}: could not be done. {clean(reaction.trouble)}"
    shares = f"{reaction.changed:.2%} of the picture changed, {reaction.idle:.2%} in as much time without it"
    said = "" if reaction.text is None else f"\n  The page's text is now: {clean(reaction.text)}"
    return f"- {what}: {'' if _responds(reaction) else 'no response; '}{shares}.{said}"


def _problems(encounter: Encounter, files: dict[str, bytes]) -> list[str]:
    if not encounter.problems:
        return ["No errors."]
    return [f"Errors meanwhile:\n{list_problems(encounter.problems, files)}"]


CHECK = Tool("check", "Open the page in a browser: does it load, run, show something and respond?", Check, check)
INTERACT = Tool("interact", "Do what a person would do, step by step, and see what changes.", Interact, interact)
