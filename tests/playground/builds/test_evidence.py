from agents.browser import Measurements
from agents.events import Began, Checked, Event, Item, Recorded, Returned
from agents.inspection import Report
from agents.task import Task
from playground.builds.evidence import find_item, gather

REPORT = Report(
    measured=Measurements(browser="1", seed=1, status=200, ready_ms=9, ink=(0.5,), text="A page", text_length=6),
    pictures={"5": "picture"},
)


def plan(status: str, step: int) -> Returned:
    items = (Item.model_validate({"id": "1", "text": "A button counts", "status": status}),)
    return Returned(step=step, id="c", name="plan", is_ok=True, text="", summary="", plan=items)


def write(path: str, sha: str, step: int) -> Returned:
    return Returned(step=step, id="c", name="write_file", is_ok=True, text="", summary="", changes={path: sha})


def kinds(journal: list[Event], published: dict[str, str]) -> list[str]:
    return [found["kind"] for found in gather(journal, published).get("1", [])]


def test_what_was_written_meanwhile_and_the_check_of_what_is_published() -> None:
    journal: list[Event] = [
        Began(task=Task(prompt="p", model="m", files={"style.css": "s"})),  # it goes on from these
        write("other.js", "o", 1),
        plan("doing", 2),
        write("index.html", "i", 3),
        plan("done", 4),
        Recorded(session="", record="", changes={"late.js": "l"}),
        Checked(report=REPORT, seconds=1),
    ]
    published = {"style.css": "s", "other.js": "o", "index.html": "i", "late.js": "l"}
    assert kinds(journal, published) == ["file", "step", "check", "picture"]
    assert gather(journal, published)["1"][0] == {"kind": "file", "step": 3, "path": "index.html"}
    assert kinds(journal, published | {"index.html": "changed since"}) == ["file", "step"]


def test_without_a_deed_there_is_no_evidence() -> None:
    journal: list[Event] = [Began(task=Task(prompt="p", model="m")), plan("doing", 1), plan("done", 2)]
    assert kinds(journal, {"index.html": "i"}) == []
    assert gather([*journal, plan("doing", 3)], {}) == {}


def test_a_requirement_is_found_by_its_words() -> None:
    assert find_item("A button counts", {"1": "Scores are kept", "2": "The button counts"}) == "2"
    assert find_item("按钮会计数", {"1": "按钮计数"}) == "1"
    assert find_item("Fireworks", {"1": "A button counts"}) is None
