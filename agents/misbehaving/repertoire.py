"""What it can do, by the model's id. Each ends, where it ends at all, with a small page that works."""

from dataclasses import dataclass

from agents.misbehaving.connection import Call
from agents.misbehaving.habits import (
    ESCAPES,
    FINISH,
    GOOD,
    QUOTED,
    READ,
    TRAVERSALS,
    WRITE,
    Behave,
    alternates,
    calls,
    cuts_once,
    fails_first,
    hangs_up,
    hermes,
    is_slow,
    is_strict,
    leaks,
    numbers,
    obeys_the_page,
    overflows,
    reasons_only,
    refuses,
    repeats_ids,
    sends_a_web_page,
    sends_crumbs,
    sends_too_long_arguments,
    sends_too_much_text,
    tells_no_usage,
    turns,
    writes,
    xml,
)
from agents.misbehaving.pages import MISTAKE


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    about: str
    behave: Behave


_edit = {"old": "<h1>Counter</h1>", "new": "<h1>Count</h1>"}
_six = (
    WRITE,
    Call.of("write_file", path="a.js", content="1"),
    Call.of("edit_file", path="index.html", edits=[{"old": "nowhere", "new": "x"}]),
    Call.of("edit_file", path="index.html", edits=[_edit]),
    Call.of("write_file", path="b.js", content="2"),
    Call.of("list_files", glob="*"),
)
_plan = Call.of("set_plan", items=[{"id": "1", "text": f"A counter {ESCAPES}"}])
_write_badly = Call.of("write_file", path="index.html", content=MISTAKE)
_repair = Call.of("edit_file", path="index.html", edits=[{"old": "getElementByID", "new": "getElementById"}])

REPERTOIRE: dict[str, Misbehaviour] = {
    "M00-mends-its-mistake": Misbehaviour(
        "makes a real mistake, and repairs it when the check has found it",
        turns(
            calls(
                Call.of("set_plan", items=[{"id": "1", "text": "A counter", "status": "doing"}]),
                _write_badly,
                text="I build a counter.",
            ),
            calls(FINISH),
            calls(_repair),
            calls(FINISH),
        ),
    ),
    "M01-broken-arguments": Misbehaviour(
        "arguments that are no JSON", turns(calls(Call("write_file", '{"path": "index.html", content')), *GOOD)
    ),
    "M02-unknown-tool": Misbehaviour("a tool that there is not", turns(calls(Call.of("write_fil")), *GOOD)),
    "M03-repeats": Misbehaviour("the same call for ever", turns(calls(WRITE), calls(READ))),
    "M03-alternates": Misbehaviour("two calls in turn for ever", turns(calls(WRITE), alternates)),
    "M03-undoes": Misbehaviour("three versions of a file in turn for ever", writes("<p>1", "<p>2", "<p>3")),
    "M04-too-much": Misbehaviour(
        "an answer of 4 MB, then arguments of 10 MB", turns(sends_too_much_text, sends_too_long_arguments, *GOOD)
    ),
    "M05-traversal": Misbehaviour(
        "files outside of its directory",
        turns(*(calls(Call.of("write_file", path=path, content="out")) for path in TRAVERSALS), *GOOD),
    ),
    "M06-empty": Misbehaviour("nothing, or only thoughts", reasons_only),
    "M07-cut": Misbehaviour("breaks off in the middle of a file that it overwrites", cuts_once),
    "M08-fails-first": Misbehaviour(
        "429 with Retry-After, 500, 502 and a lost connection, then works",
        fails_first(
            refuses("429 Too Many Requests", "Retry-After: 1\r\n"),
            refuses("500 Internal Server Error"),
            refuses("502 Bad Gateway"),
            hangs_up,
        ),
    ),
    "M08-fails": Misbehaviour("429 for ever", refuses("429 Too Many Requests", "Retry-After: 0\r\n")),
    "M09-slow": Misbehaviour("a token every 3 seconds, and once a minute of silence", is_slow),
    "M10-crumbs": Misbehaviour(
        "a call in hundreds of chunks, ids late, one index for all, no index",
        turns(sends_crumbs, numbers(READ, Call.of("list_files", glob="*"), index=0), numbers(READ, FINISH)),
    ),
    "M11-parallel": Misbehaviour("six calls at once, three of them for one file", turns(calls(*_six), *GOOD)),
    "M12-leaks": Misbehaviour(
        "calls in the text: Qwen3-Coder's XML, two at once, quoted ones, Hermes' and a fence",
        turns(
            leaks(f"I write the page.\n\n{xml(WRITE)}"),
            leaks(f"So a file is deleted:\n```\n{xml(Call.of('delete_file', path='index.html'))}\n```\n"),
            leaks(xml(Call.of("write_file", path="about.html", content=QUOTED))),
            leaks(f"{xml(READ)}\n{hermes(Call.of('list_files', glob='*'))}"),
            leaks(f'```json\n{{"name": "finish", "arguments": {FINISH.arguments}}}\n```'),
        ),
    ),
    "M13-goes-on": Misbehaviour(
        "does not stop when it has finished", turns(calls(WRITE), calls(FINISH, READ, FINISH), calls(READ))
    ),
    "M14-escapes": Misbehaviour(
        "escape sequences and turned writing in names and texts",
        turns(
            calls(_plan, Call.of("write_file", path=f"{ESCAPES}.html", content="x"), text=ESCAPES),
            calls(WRITE),
            calls(Call.of("finish", title=f"Counter {ESCAPES}", summary=ESCAPES)),
        ),
    ),
    "M15-overflow": Misbehaviour("a window smaller than it says", overflows),
    "M16-no-usage": Misbehaviour("does not say how many tokens it took", turns(tells_no_usage(WRITE, FINISH))),
    "M17-web-page": Misbehaviour("a web page with status 200", sends_a_web_page),
    "M18-injection": Misbehaviour("obeys what its page writes to the console", obeys_the_page),
    "M19-strict": Misbehaviour("refuses conversations with the least flaw", is_strict),
    "M20-double-ids": Misbehaviour("one id for every call", repeats_ids([WRITE, READ], [FINISH])),
}
