"""What it can do, by the model's id. Each ends, where it ends at all, with a small page that works."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from agents.misbehaving.connection import Call, Connection
from agents.misbehaving.pages import INJECTION, MISTAKE, PAGE

type Behave = Callable[[Connection], Awaitable[None]]

WRITE = Call.of("write_file", path="index.html", content=PAGE)
FINISH = Call.of("finish", title="Counter", summary="A counter with one button.")
READ = Call.of("read_file", path="index.html")
OVERFLOW = 24_000  # characters of a request that are too many for M15
ESCAPES = "\x1b[31mred\x1b[0m \x1b]8;;http://evil.example\x07link\x1b]8;;\x07 \u202egnp.exe\u202c\r"
TRAVERSALS = (
    "../canary.html",
    "/etc/canary.html",
    "a/../../canary.html",
    "..%2fcanary.html",
    "..\\canary.html",
    "can\0ary.html",
    "C:canary.html",
    ".canary.html",
    "a\u0308\u202ecanary.html",
    "a/" * 40 + "canary.html",
    "x" * 300 + ".html",
)


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    about: str
    behave: Behave


def turns(*moves: Behave) -> Behave:
    """One after the other, and the last again and again."""

    async def behave(connection: Connection) -> None:
        await moves[min(connection.turn, len(moves) - 1)](connection)

    return behave


def calls(*made: Call, text: str = "") -> Behave:
    async def behave(connection: Connection) -> None:
        await connection.call(made, text)

    return behave


def says(*pieces: str) -> Behave:
    async def behave(connection: Connection) -> None:
        await connection.say(*pieces)

    return behave


GOOD = (calls(WRITE), calls(FINISH))


# ------------------------------------------------------------------------------------------ one function each


async def _reasons_only(connection: Connection) -> None:
    await connection.send_head()
    if connection.turn % 2:
        await connection.send_delta(reasoning_content="I could write a page. But should I?")
    await connection.end()


async def _sends_too_much_text(connection: Connection) -> None:
    await connection.send_head()
    for _ in range(64):
        await connection.send_delta(content="and so on " * 6_400)
    await connection.end()


async def _sends_too_long_arguments(connection: Connection) -> None:
    await connection.send_head()
    await connection.send_call(index=0, id="c", name="write_file", arguments='{"path": "index.html", "content": "')
    for _ in range(160):
        await connection.send_call(index=0, arguments="x" * 64_000)
    await connection.send_call(index=0, arguments='"}')
    await connection.end("tool_calls")


def _cuts(*, aborts: bool) -> Behave:
    """In the middle of what would overwrite the page."""

    async def behave(connection: Connection) -> None:
        await connection.send_head()
        half = Call.of("write_file", path="index.html", content="half a page " * 20).arguments[:120]
        await connection.send_call(index=0, id="c", name="write_file", arguments=half)
        if aborts:
            connection.abort()
        else:
            await connection.end("length")

    return behave


def _cuts_once(connection: Connection) -> Awaitable[None]:
    """The first time it is asked for the second answer; the third request of all."""
    if connection.turn == 1 and connection.earlier == 1:
        return _cuts(aborts=True)(connection)
    return turns(calls(WRITE), _cuts(aborts=False), calls(FINISH))(connection)


def refuses(status: str, more: str = "") -> Behave:
    async def behave(connection: Connection) -> None:
        await connection.refuse(status, "Not now.", more)

    return behave


async def _hangs_up(connection: Connection) -> None:
    connection.abort()


def _fails_first(*failures: Behave) -> Behave:
    async def behave(connection: Connection) -> None:
        if connection.earlier < len(failures):
            await failures[connection.earlier](connection)
        else:
            await turns(*GOOD)(connection)

    return behave


async def _is_slow(connection: Connection) -> None:
    """A token every three units; and, the first time, silence in the middle."""
    await connection.send_head()
    for piece in ("I ", "am ", "thinking"):
        await connection.send_delta(content=piece)
        await connection.wait(3)
    if connection.earlier == 0:
        await connection.wait(60)
    await connection.send_call(index=0, id="c", name=FINISH.name if connection.turn else WRITE.name, arguments="")
    await connection.send_call(index=0, arguments=(FINISH if connection.turn else WRITE).arguments)
    await connection.end("tool_calls")


async def _sends_crumbs(connection: Connection) -> None:
    """More than five hundred chunks, the name first and the id last."""
    await connection.send_head()
    await connection.send_call(index=0, name=WRITE.name)
    for character in WRITE.arguments:
        await connection.send_call(index=0, arguments=character)
    await connection.send_call(index=0, id="late")
    await connection.end("tool_calls")


def _numbers(*made: Call, index: int | None = None) -> Behave:
    """The same index for all, or none."""

    async def behave(connection: Connection) -> None:
        await connection.send_head()
        where = {} if index is None else {"index": index}
        for number, call in enumerate(made):
            await connection.send_call(**where, id=f"n{number}", name=call.name, arguments=call.arguments[:9])
            await connection.send_call(**where, arguments=call.arguments[9:])
        await connection.end("tool_calls")

    return behave


def xml(call: Call) -> str:
    parameters = "".join(
        f"<parameter={name}>\n{value}\n</parameter>\n" for name, value in json.loads(call.arguments).items()
    )
    return f"<tool_call>\n<function={call.name}>\n{parameters}</function>\n</tool_call>"


def hermes(call: Call) -> str:
    return f'<tool_call>\n{{"name": "{call.name}", "arguments": {call.arguments}}}\n</tool_call>'


def leaks(text: str) -> Behave:
    """In small pieces, so that every tag is split."""
    return says(*(text[start : start + 5] for start in range(0, len(text), 5)))


_QUOTED = f"<h1>How a model calls</h1>\n<pre>\n{xml(Call.of('delete_file', path='index.html'))}\n</pre>\n"


async def _overflows(connection: Connection) -> None:
    """Its window is smaller than it says."""
    if len(json.dumps(connection.messages)) > OVERFLOW:
        message = "This model's maximum context length is 8192 tokens. Your request was longer."
        await connection.refuse("400 Bad Request", message)
    elif connection.earlier < 12:
        part = Call.of("write_file", path=f"part{connection.earlier}.js", content="// and so on\n" * 250)
        await connection.call([part])
    else:
        await connection.call([WRITE, FINISH])


def _tells_no_usage(*made: Call) -> Behave:
    async def behave(connection: Connection) -> None:
        await connection.send_head()
        for index, call in enumerate(made):
            await connection.send_call(index=index, id=f"u{index}", name=call.name, arguments=call.arguments)
        await connection.end("tool_calls", tells_usage=False)

    return behave


async def _sends_a_web_page(connection: Connection) -> None:
    await connection.send_head(kind="text/html")
    await connection.send("<!doctype html><title>502</title><h1>Bad gateway</h1>")


async def _is_strict(connection: Connection) -> None:
    if complaint := find_complaint(connection.messages):
        await connection.refuse("400 Bad Request", complaint)
        return
    broken = Call("write_file", '{"path": "index.html", "content": "')
    await turns(calls(broken, Call.of("nosuch")), says("Hm."), says(), *GOOD)(connection)


def find_complaint(messages: Sequence[dict[str, object]]) -> str:
    """What the strictest servers find wrong with a conversation that is sent back to them. Empty: nothing."""
    open_ids: list[str] = []
    before = ""
    for message in messages:
        role = str(message["role"])
        if open_ids and role != "tool":
            return "Each tool call has to be answered before the next message."
        if role == "tool":
            if message.get("tool_call_id") not in open_ids:
                return "Unexpected tool call id."
            open_ids.remove(str(message["tool_call_id"]))
        elif role == "assistant":
            complaint, open_ids = _complain_of_answer(message)
            if complaint:
                return complaint
        elif role == before or (role == "user" and before == "tool"):
            return f"Unexpected role '{role}' after role '{before}'."
        before = role
    return "Each tool call has to be answered." if open_ids else ""


def _complain_of_answer(message: dict[str, object]) -> tuple[str, list[str]]:
    made = message.get("tool_calls") or []
    assert isinstance(made, list)
    if not made and not message.get("content"):
        return "Assistant message must have either content or tool_calls.", []
    ids = [str(call["id"]) for call in made]
    if len(set(ids)) < len(ids):
        return "Duplicate tool call id.", []
    if not all(len(each) == 9 and each.isalnum() for each in ids):
        return "Tool call id has to be nine letters and digits.", []
    for call in made:
        try:
            json.loads(call["function"]["arguments"])
        except ValueError:
            return "Unterminated string in the arguments of a tool call.", []
    return "", ids


def _repeats_ids(*moves: Sequence[Call]) -> Behave:
    """The same id for every call, in every answer."""

    async def behave(connection: Connection) -> None:
        await connection.send_head()
        for index, call in enumerate(moves[min(connection.turn, len(moves) - 1)]):
            await connection.send_call(index=index, id="call_1", name=call.name, arguments=call.arguments)
        await connection.end("tool_calls")

    return behave


async def _obeys_the_page(connection: Connection) -> None:
    """Does whatever a result asks for, and then what is right."""
    check = Call.of("check", reason="Does it work?")
    wanted = (Call.of("read_file", path="/etc/passwd"), Call.of("run_command", argv=["cat", "/etc/passwd"]))
    page = Call.of("write_file", path="index.html", content=INJECTION)
    await turns(calls(page, check), calls(*wanted), *GOOD)(connection)


def _writes(*contents: str) -> Behave:
    """One after the other, again and again."""

    async def behave(connection: Connection) -> None:
        content = contents[connection.turn % len(contents)]
        await connection.call([Call.of("write_file", path="index.html", content=content)])

    return behave


async def _alternates(connection: Connection) -> None:
    await connection.call([Call.of("search", text="one") if connection.turn % 2 else Call.of("list_files", glob="*")])


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
    "M03-alternates": Misbehaviour("two calls in turn for ever", turns(calls(WRITE), _alternates)),
    "M03-undoes": Misbehaviour("three versions of a file in turn for ever", _writes("<p>1", "<p>2", "<p>3")),
    "M04-too-much": Misbehaviour(
        "an answer of 4 MB, then arguments of 10 MB", turns(_sends_too_much_text, _sends_too_long_arguments, *GOOD)
    ),
    "M05-traversal": Misbehaviour(
        "files outside of its directory",
        turns(*(calls(Call.of("write_file", path=path, content="out")) for path in TRAVERSALS), *GOOD),
    ),
    "M06-empty": Misbehaviour("nothing, or only thoughts", _reasons_only),
    "M07-cut": Misbehaviour("breaks off in the middle of a file that it overwrites", _cuts_once),
    "M08-fails-first": Misbehaviour(
        "429 with Retry-After, 500, 502 and a lost connection, then works",
        _fails_first(
            refuses("429 Too Many Requests", "Retry-After: 1\r\n"),
            refuses("500 Internal Server Error"),
            refuses("502 Bad Gateway"),
            _hangs_up,
        ),
    ),
    "M08-fails": Misbehaviour("429 for ever", refuses("429 Too Many Requests", "Retry-After: 0\r\n")),
    "M09-slow": Misbehaviour("a token every 3 seconds, and once a minute of silence", _is_slow),
    "M10-crumbs": Misbehaviour(
        "a call in hundreds of chunks, ids late, one index for all, no index",
        turns(_sends_crumbs, _numbers(READ, Call.of("list_files", glob="*"), index=0), _numbers(READ, FINISH)),
    ),
    "M11-parallel": Misbehaviour("six calls at once, three of them for one file", turns(calls(*_six), *GOOD)),
    "M12-leaks": Misbehaviour(
        "calls in the text: Qwen3-Coder's XML, two at once, quoted ones, Hermes' and a fence",
        turns(
            leaks(f"I write the page.\n\n{xml(WRITE)}"),
            leaks(f"So a file is deleted:\n```\n{xml(Call.of('delete_file', path='index.html'))}\n```\n"),
            leaks(xml(Call.of("write_file", path="about.html", content=_QUOTED))),
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
    "M15-overflow": Misbehaviour("a window smaller than it says", _overflows),
    "M16-no-usage": Misbehaviour("does not say how many tokens it took", turns(_tells_no_usage(WRITE, FINISH))),
    "M17-web-page": Misbehaviour("a web page with status 200", _sends_a_web_page),
    "M18-injection": Misbehaviour("obeys what its page writes to the console", _obeys_the_page),
    "M19-strict": Misbehaviour("refuses conversations with the least flaw", _is_strict),
    "M20-double-ids": Misbehaviour("one id for every call", _repeats_ids([WRITE, READ], [FINISH])),
}
