from pydantic import Field

from agents.events import Item, Wrapping
from agents.tools.tool import Arguments, Bench, Result, Tool
from agents.wording import clean, count


class SetPlan(Arguments):
    items: tuple[Item, ...] = Field(min_length=1, max_length=30, description="The whole plan, in order.")


class Finish(Arguments):
    title: str = Field(min_length=1, max_length=80, description="Of the page, in the language of the wish.")
    summary: str = Field(max_length=2000, description="What was made, in two or three sentences.")
    entry: str = Field("index.html", description="The page.")
    controls: tuple[str, ...] = Field((), description="How to use it: a key or a gesture and what it does, each.")
    known_issues: tuple[str, ...] = Field((), description="What does not work, honestly.")


async def set_plan(given: SetPlan, bench: Bench) -> Result:
    plan = tuple(item.model_copy(update={"text": clean(item.text)[:200]}) for item in given.items)
    done = sum(item.status == "done" for item in plan)
    return Result("The plan is kept.", f"{count(len(plan), 'item')}, {done} done", plan=plan)


async def finish(given: Finish, bench: Bench) -> Result:
    wrapping = Wrapping(
        title=clean(given.title),
        summary=clean(given.summary),
        entry=given.entry,
        controls=tuple(clean(each)[:200] for each in given.controls[:20]),
        known_issues=tuple(clean(each)[:400] for each in given.known_issues[:20]),
    )
    return Result("The page is checked once more.", wrapping.title, wrapping=wrapping)


SET_PLAN = Tool(
    "set_plan", "Say what is to be done, and what of it is done. Replaces the plan before.", SetPlan, set_plan
)
FINISH = Tool("finish", "The page is ready: publish it. What fails then is told, and to be mended.", Finish, finish)
