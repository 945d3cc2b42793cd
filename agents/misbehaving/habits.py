"""What a misbehaving model does in one answer, or in all of a conversation."""

import json
from collections.abc import Awaitable, Callable, Sequence

from agents.misbehaving.connection import Call, Connection
from agents.misbehaving.pages import INJECTION, PAGE
from agents.misbehaving.strictness import find_complaint

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


async def reasons_only(connection: Connection) -> None:
    await connection.send_head()
    if connection.turn % 2:
        await connection.send_delta(reasoning_content="I could write a page. But should I?")
    await connection.end()


async def sends_too_much_text(connection: Connection) -> None:
    await connection.send_head()
    for _ in range(64):
        await connection.send_delta(content="and so on " * 6_400)
    await connection.end()


async def sends_too_long_arguments(connection: Connection) -> None:
    await connection.send_head()
    await connection.send_call(index=0, id="c", name="write_file", arguments='{"path": "index.html", "content": "')
    for _ in range(160):
        await connection.send_call(index=0, arguments="x" * 64_000)
    await connection.send_call(index=0, arguments='"}')
    await connection.end("tool_calls")


def cuts(*, aborts: bool) -> Behave:
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


def cuts_once(connection: Connection) -> Awaitable[None]:
    """The first time it is asked for the second answer; the third request of all."""
    if connection.turn == 1 and connection.earlier == 1:
        return cuts(aborts=True)(connection)
    return turns(calls(WRITE), cuts(aborts=False), calls(FINISH))(connection)


def refuses(status: str, more: str = "") -> Behave:
    async def behave(connection: Connection) -> None:
        await connection.refuse(status, "Not now.", more)

    return behave


async def hangs_up(connection: Connection) -> None:
    connection.abort()


def fails_first(*failures: Behave) -> Behave:
    async def behave(connection: Connection) -> None:
        if connection.earlier < len(failures):
            await failures[connection.earlier](connection)
        else:
            await turns(*GOOD)(connection)

    return behave


async def is_slow(connection: Connection) -> None:
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


async def sends_crumbs(connection: Connection) -> None:
    """More than five hundred chunks, the name first and the id last."""
    await connection.send_head()
    await connection.send_call(index=0, name=WRITE.name)
    for character in WRITE.arguments:
        await connection.send_call(index=0, arguments=character)
    await connection.send_call(index=0, id="late")
    await connection.end("tool_calls")


def numbers(*made: Call, index: int | None = None) -> Behave:
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


QUOTED = f"<h1>How a model calls</h1>\n<pre>\n{xml(Call.of('delete_file', path='index.html'))}\n</pre>\n"


async def overflows(connection: Connection) -> None:
    """Its window is smaller than it says."""
    if len(json.dumps(connection.messages)) > OVERFLOW:
        message = "This model's maximum context length is 8192 tokens. Your request was longer."
        await connection.refuse("400 Bad Request", message)
    elif connection.earlier < 12:
        part = Call.of("write_file", path=f"part{connection.earlier}.js", content="// and so on\n" * 250)
        await connection.call([part])
    else:
        await connection.call([WRITE, FINISH])


def tells_no_usage(*made: Call) -> Behave:
    async def behave(connection: Connection) -> None:
        await connection.send_head()
        for index, call in enumerate(made):
            await connection.send_call(index=index, id=f"u{index}", name=call.name, arguments=call.arguments)
        await connection.end("tool_calls", tells_usage=False)

    return behave


async def sends_a_web_page(connection: Connection) -> None:
    await connection.send_head(kind="text/html")
    await connection.send("<!doctype html><title>502</title><h1>Bad gateway</h1>")


async def is_strict(connection: Connection) -> None:
    if complaint := find_complaint(connection.messages):
        await connection.refuse("400 Bad Request", complaint)
        return
    broken = Call("write_file", '{"path": "index.html", "content": "')
    await turns(calls(broken, Call.of("nosuch")), says("Hm."), says(), *GOOD)(connection)


def repeats_ids(*moves: Sequence[Call]) -> Behave:
    """The same id for every call, in every answer."""

    async def behave(connection: Connection) -> None:
        await connection.send_head()
        for index, call in enumerate(moves[min(connection.turn, len(moves) - 1)]):
            await connection.send_call(index=index, id="call_1", name=call.name, arguments=call.arguments)
        await connection.end("tool_calls")

    return behave


async def obeys_the_page(connection: Connection) -> None:
    """Does whatever a result asks for, and then what is right."""
    check = Call.of("check", reason="Does it work?")
    wanted = (Call.of("read_file", path="/etc/passwd"), Call.of("run_command", argv=["cat", "/etc/passwd"]))
    page = Call.of("write_file", path="index.html", content=INJECTION)
    await turns(calls(page, check), calls(*wanted), *GOOD)(connection)


def writes(*contents: str) -> Behave:
    """One after the other, again and again."""

    async def behave(connection: Connection) -> None:
        content = contents[connection.turn % len(contents)]
        await connection.call([Call.of("write_file", path="index.html", content=content)])

    return behave


async def alternates(connection: Connection) -> None:
    await connection.call([Call.of("search", text="one") if connection.turn % 2 else Call.of("list_files", glob="*")])
