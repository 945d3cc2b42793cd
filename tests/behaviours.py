"""What model servers do to their clients: each bad habit by a name, which is the model id that asks for it."""

import asyncio
import json
import random
import re
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

PAGE = """<!DOCTYPE html>
<html lang="en">
<head><title>Ball</title><style>canvas { background: #eee }</style></head>
<body>
<canvas width="200" height="200"></canvas>
<script>
  const pen = document.querySelector("canvas").getContext("2d");
  function draw(now) {
    pen.clearRect(0, 0, 200, 200);
    pen.fillRect(100 + 80 * Math.sin(now / 300), 90, 20, 20);
    requestAnimationFrame(draw);
  }
  requestAnimationFrame(draw);
</script>
</body>
</html>
"""
TOKEN = r"\s*\S{1,7}|\s+"
ANSWER = f"Here is a ball that swings.\n\n```html index.html\n{PAGE}```\n\nWatch it swing.\n"


def tale(number: int) -> str:
    """Some 2,000 characters that no other number has."""
    chance = random.Random(number)
    words = ["ball", "swing", "Schnürsenkel", "樱花", "🎆", "naïve", "<b>", "&amp;", "\\n", "wave"]
    lines = (f"{number}.{line} " + " ".join(chance.choices(words, k=8)) for line in range(40))
    return "\n".join(lines)


@dataclass
class Telling:
    """One request for a tale: which part of it was sent."""

    number: int
    start: int
    end: int
    began: float = field(default_factory=time.monotonic)


@dataclass
class Connection:
    writer: asyncio.StreamWriter
    body: dict[str, Any]
    rest: Callable[[str], Coroutine[None, None, None]]  # after a token, the last of this text
    answer: str = ANSWER
    turn: int = 1  # counts the requests for this model
    tellings: list[Telling] = field(default_factory=list)

    @property
    def model(self) -> str:
        return str(self.body.get("model"))

    async def send(self, text: str) -> None:
        self.writer.write(text.encode())
        await self.writer.drain()

    async def send_head(self, status: str = "200 OK", kind: str = "text/event-stream", more: str = "") -> None:
        await self.send(f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}Connection: close\r\n\r\n")

    async def send_json(self, value: object, status: str = "200 OK", more: str = "") -> None:
        await self.send_head(status, "application/json", more)
        await self.send(json.dumps(value))

    async def send_event(self, value: object, end: str = "\n\n") -> None:
        """A text is sent as it is."""
        await self.send(f"data: {value if isinstance(value, str) else json.dumps(value)}{end}")

    async def stream(self, **options: Any) -> None:
        """The answer as chunks. Options change one habit each; see `Habits`."""
        habits = Habits(**options)
        await self.send_head()
        if habits.null_first:
            await self.send_event(self.chunk({"role": "assistant", "content": None}, habits), habits.line_end)
        for token in re.finditer(TOKEN, self.answer):
            await self.send_event(self.chunk({"content": token[0]}, habits), habits.line_end)
            await self.rest(self.answer[: token.end()])
        await self.send_event(self.chunk({}, habits, habits.finish), habits.line_end)
        wants_usage = (self.body.get("stream_options") or {}).get("include_usage")
        if habits.usage and wants_usage:
            await self.send_event({"choices": [], "usage": USAGE}, habits.line_end)
        if habits.done:
            await self.send_event("[DONE]", habits.line_end)

    def chunk(self, delta: dict[str, object], habits: "Habits", finish: str | None = None) -> dict[str, object]:
        chunk: dict[str, object] = {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
        if habits.ids:
            chunk |= {"id": "c1", "object": "chat.completion.chunk", "created": 1, "extra_field": {"a": 1}}
        if habits.ids or habits.model:
            chunk["model"] = habits.model or self.model
        return chunk | ({"usage": USAGE} if habits.usage_always else {})


@dataclass(frozen=True, slots=True)
class Habits:
    usage: bool = True
    usage_always: bool = False
    null_first: bool = False
    ids: bool = True
    model: str = ""
    finish: str | None = "stop"
    done: bool = True
    line_end: str = "\n\n"


USAGE = {"prompt_tokens": 12, "completion_tokens": 34, "total_tokens": 46}
FOREVER = 3600.0
REST = 8.0


def streams(**options: Any) -> "Behaviour":
    async def behave(connection: Connection) -> None:
        await connection.stream(**options)

    return behave


def refuses(status: str, error: object, more: str = "") -> "Behaviour":
    async def behave(connection: Connection) -> None:
        await connection.send_json(error, status, more)

    return behave


async def unknown_model(connection: Connection) -> None:
    error = {"message": f"The model `{connection.model}` does not exist.", "code": 404, "type": "NotFoundError"}
    await connection.send_json({"object": "error", "error": error}, "404 Not Found")


async def reasons(connection: Connection) -> None:
    await connection.send_head()
    for name in ("reasoning_content", "reasoning"):
        await connection.send_event(connection.chunk({name: "Hm, "}, Habits()))
    await connection.send_event(connection.chunk({"content": "Done."}, Habits()))
    await connection.send_event(connection.chunk({}, Habits(), "stop"))


async def refuses_stream_options(connection: Connection) -> None:
    if "stream_options" in connection.body:
        await connection.send_json({"error": {"message": "Unknown field: stream_options"}}, "400 Bad Request")
    else:
        await connection.stream()


async def refuses_seed(connection: Connection) -> None:
    if "seed" in connection.body:
        detail = [{"loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}]
        await connection.send_json({"detail": detail}, "422 Unprocessable Entity")
    else:
        await connection.stream()


async def is_busy_at_first(connection: Connection) -> None:
    if connection.turn % 2:
        await BEHAVIOURS["rate-limited"](connection)
    else:
        await connection.stream()


async def wants_max_completion_tokens(connection: Connection) -> None:
    if "max_tokens" in connection.body:
        message = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
        await connection.send_json({"error": {"message": message}}, "400 Bad Request")
    else:
        await connection.stream()


def resumes(size: int, *, drops: bool = False) -> "Behaviour":
    """Sends at most `size` characters of the answer each time, as a cut server does, and goes on where asked to."""

    async def behave(connection: Connection) -> None:
        received, anchor = _what_was_received(connection)
        piece = connection.answer[len(received) :][:size]
        is_last = len(received) + size >= len(connection.answer)
        connection.answer = anchor + piece
        if drops and not is_last:
            await connection.send_head()
            await connection.send_event(connection.chunk({"content": connection.answer}, Habits()))
            connection.writer.transport.abort()
        else:
            await connection.stream(finish="stop" if is_last else "length")

    return behave


async def tells(connection: Connection) -> None:
    """The tale that a wish asks for by its number, from where it is asked to go on; to other wishes the answer."""
    asked = re.search(r"tale (\d+)", json.dumps(connection.body["messages"]))
    if asked:
        connection.answer = tale(int(asked[1]))
    received, anchor = _what_was_received(connection)
    if not asked:
        connection.answer = anchor + connection.answer[len(received) :]
        await connection.stream()
        return
    telling = Telling(int(asked[1]), len(received), len(received))
    connection.tellings.append(telling)
    await connection.send_head()
    rest = anchor + connection.answer[len(received) :]
    for token in re.finditer(TOKEN, rest):
        await connection.send_event(connection.chunk({"content": token[0]}, Habits()))
        telling.end += len(token[0])
        await connection.rest(rest[: token.end()])
    telling.end -= len(anchor)
    await connection.send_event(connection.chunk({}, Habits(), "stop"))
    await connection.send_event("[DONE]")


def _what_was_received(connection: Connection) -> tuple[str, str]:
    """The text to go on from, and the end of it that the model was asked to repeat."""
    messages: list[dict[str, str]] = connection.body["messages"]
    before, last = messages[-2], messages[-1]
    if last["role"] == "assistant":
        return last["content"], ""
    if before["role"] != "assistant":
        return "", ""
    received = before["content"]
    starts = (start for start in range(len(received)) if last["content"].endswith(received[start:]))
    return received, received[next(starts) :]


async def stalls_first(connection: Connection) -> None:
    await asyncio.sleep(FOREVER)


async def stalls_after_the_role(connection: Connection) -> None:
    await connection.send_head()
    await connection.send_event(connection.chunk({"role": "assistant", "content": ""}, Habits()))
    await asyncio.sleep(FOREVER)


async def answers_late(connection: Connection) -> None:
    await asyncio.sleep(1.5)
    await connection.stream()


async def stalls_in_the_middle(connection: Connection) -> None:
    await connection.send_head()
    await connection.send_event(connection.chunk({"content": "Here "}, Habits()))
    while True:
        await connection.send(": ping\n\n")
        await asyncio.sleep(0.1)


async def cuts_in_the_middle(connection: Connection) -> None:
    await connection.send_head()
    half = connection.answer[: len(connection.answer) // 2]
    await connection.send_event(connection.chunk({"content": half}, Habits()))
    await connection.send('data: {"choices": [{"del')
    connection.writer.transport.abort()


async def ends_in_the_middle(connection: Connection) -> None:
    await connection.send_head()
    await connection.send_event(connection.chunk({"content": "Here "}, Habits()))


async def hangs_up(connection: Connection) -> None:
    connection.writer.transport.abort()


async def lingers(connection: Connection) -> None:
    await connection.stream(finish=None)
    await asyncio.sleep(FOREVER)


async def pauses(connection: Connection) -> None:
    await connection.send_head()
    await connection.send_event(connection.chunk({"content": connection.answer}, Habits()))
    await asyncio.sleep(1)
    await connection.send_event(connection.chunk({}, Habits(), "stop"))
    await connection.send_event("[DONE]")


async def rests(connection: Connection) -> None:
    """Thinks for long before the page, and once more in its middle."""
    await connection.send_head()
    page = connection.answer.index(PAGE)
    half = connection.answer.index("function draw")
    pieces = (connection.answer[:page], REST), (connection.answer[page:half], REST), (connection.answer[half:], 0)
    for piece, pause in pieces:
        await connection.send_event(connection.chunk({"content": piece}, Habits()))
        await asyncio.sleep(pause)
    await connection.send_event(connection.chunk({}, Habits(), "stop"))
    await connection.send_event("[DONE]")


async def fails_in_the_stream(connection: Connection) -> None:
    await connection.send_head()
    await connection.send_event(connection.chunk({"content": "Here "}, Habits()))
    await connection.send_event({"error": {"message": "CUDA out of memory", "code": 500}})


async def sends_a_web_page(connection: Connection) -> None:
    await connection.send_head(kind="text/html")
    await connection.send("<!doctype html><title>Welcome to nginx</title>")


async def sends_garbage(connection: Connection) -> None:
    await connection.send_head()
    await connection.send_event("{this is no JSON")


async def sends_one_huge_chunk(connection: Connection) -> None:
    connection.answer = "```html\n<!DOCTYPE html>\n" + "<p>word</p>\n" * 350_000 + "```\n"
    await connection.send_head()
    await connection.send_event(connection.chunk({"content": connection.answer}, Habits()))
    await connection.send_event(connection.chunk({}, Habits(), "stop"))


async def sends_too_much(connection: Connection) -> None:
    await connection.send_head()
    for _ in range(36):
        await connection.send_event(connection.chunk({"content": "x" * 1_000_000}, Habits()))


async def sends_a_line_without_end(connection: Connection) -> None:
    await connection.send_head()
    await connection.send("data: ")
    while True:
        await connection.send("x" * 1_000_000)


async def never_ends(connection: Connection) -> None:
    await connection.send_head()
    while True:
        await connection.send_event(connection.chunk({"content": "and on "}, Habits()))
        await asyncio.sleep(0.01)


async def ignores_stream(connection: Connection) -> None:
    choice = {"index": 0, "message": {"role": "assistant", "content": connection.answer}, "finish_reason": "stop"}
    await connection.send_json({"id": "c1", "model": connection.model, "choices": [choice], "usage": USAGE})


type Behaviour = Callable[[Connection], Coroutine[None, None, None]]

BEHAVIOURS: dict[str, Behaviour] = {
    "good": streams(),
    "no-usage": streams(usage=False),
    "usage-every-chunk": streams(usage_always=True),
    "null-first": streams(null_first=True),
    "no-ids": streams(ids=False),
    "other-model": streams(model="something-else-7b"),
    "finish-length": streams(finish="length"),
    "no-done": streams(done=False),
    "null-finish": streams(finish=None),
    "cut-at-limit": resumes(300),
    "dropped": resumes(500, drops=True),
    "tells": tells,
    "edits": streams(),
    "lingers": lingers,
    "pauses": pauses,
    "rests": rests,
    "crlf": streams(line_end="\r\n\r\n"),
    "reasoning": reasons,
    "unauthorized": refuses("401 Unauthorized", {"error": {"message": "Incorrect API key provided: sk-secret-key"}}),
    "no-such-model": unknown_model,
    "rate-limited": refuses("429 Too Many Requests", {"error": {"message": "Slow down"}}, "Retry-After: 7\r\n"),
    "rate-limited-then-good": is_busy_at_first,
    "no-credit": refuses("429 Too Many Requests", {"error": {"message": "Pay", "code": "insufficient_quota"}}),
    "server-error": refuses("500 Internal Server Error", {"error": {"message": "Oops"}}),
    "overloaded": refuses(
        "503 Service Unavailable", {"message": "Loading"}, "Retry-After: Fri, 01 Jan 2100 00:00:00 GMT\r\n"
    ),
    "error-200": refuses("200 OK", {"error": {"message": "Quota of the day is used up", "code": "insufficient_quota"}}),
    "integer-code": refuses("400 Bad Request", {"object": "error", "message": "Bad seed value", "code": 400}),
    "context-overflow": refuses(
        "400 Bad Request", {"error": {"message": "This model's maximum context length is 4096 tokens.", "code": 400}}
    ),
    "error-in-stream": fails_in_the_stream,
    "reject-stream-options": refuses_stream_options,
    "reject-max-tokens": wants_max_completion_tokens,
    "reject-seed": refuses_seed,
    "stall-first": stalls_first,
    "stall-after-role": stalls_after_the_role,
    "slow-headers": answers_late,
    "stall-middle": stalls_in_the_middle,
    "cut-middle": cuts_in_the_middle,
    "end-middle": ends_in_the_middle,
    "hang-up": hangs_up,
    "html-200": sends_a_web_page,
    "garbage-sse": sends_garbage,
    "huge-chunk": sends_one_huge_chunk,
    "too-much": sends_too_much,
    "endless-line": sends_a_line_without_end,
    "endless": never_ends,
    "whole-json": ignores_stream,
}
