"""A model server that builds a small game over many steps: it makes a real mistake, and repairs it after the check.

Its answers follow from the conversation alone. The wish says how: `delay=0.2` is how long an answer takes, `slow` makes
it write one file after another until somebody stops it.
"""

import asyncio
import contextlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.stack import Stack, start_stack
from tests.serving import serve_in_thread

type Calls = list[tuple[str, dict[str, Any]]]

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Orbit</title>
<link rel="stylesheet" href="style.css"></head>
<body>
<main><h1>Orbit</h1><p>Press a key, or the button, to change the direction.</p>
<canvas id="sky" width="480" height="320" role="img" aria-label="A planet and its moon"></canvas>
<button id="turn" type="button">Turn round</button> <output id="count">0 turns</output></main>
<script src="game.js"></script>
</body>
</html>
"""
STYLE = """body { margin: 0; background: #10131c; color: #f4f1ea; font: 16px/1.5 system-ui }
main { max-width: 480px; margin: 0 auto; padding: 24px 16px }
canvas { display: block; width: 100%; height: auto; background: #191f30; border-radius: 8px }
button { min-height: 44px; margin-top: 12px; padding: 0 18px; font: inherit }
"""
BROKEN = 'document.getElementById("turn").addEventListener("clicked", turn);\naddEventListener("keypressed", turn);\n'
MENDED = 'document.getElementById("turn").addEventListener("click", turn);\naddEventListener("keydown", turn);\n'
GAME = f"""const pen = document.getElementById("sky").getContext("2d");
let way = 1;
let turns = 0;
let angle = 0;
let before = performance.now();

function turn() {{
  way = -way;
  turns += 1;
  document.getElementById("count").textContent = `${{turns}} turns`;
  document.body.style.background = way > 0 ? "#10131c" : "#3a1420";
}}

function draw(now) {{
  angle += (way * (now - before)) / 700;
  before = now;
  pen.clearRect(0, 0, 480, 320);
  pen.fillStyle = "#e8a54b";
  pen.beginPath();
  pen.arc(240, 160, 46, 0, 7);
  pen.fill();
  pen.fillStyle = "#8fb8de";
  pen.beginPath();
  pen.arc(240 + 120 * Math.cos(angle), 160 + 90 * Math.sin(angle), 16, 0, 7);
  pen.fill();
  requestAnimationFrame(draw);
}}
requestAnimationFrame(draw);
{BROKEN}"""
ITEMS = ["A planet with a moon in orbit", "A key or the button turns it round", "The turns are counted"]


def plan(*statuses: str) -> tuple[str, dict[str, Any]]:
    items = [
        {"id": str(number + 1), "text": text, "status": status}
        for number, (text, status) in enumerate(zip(ITEMS, statuses, strict=True))
    ]
    return "set_plan", {"items": items}


FINISH = (
    "finish",
    {
        "title": "Orbit",
        "summary": "A planet with a moon that turns round when you press a key.",
        "entry": "index.html",
        "controls": ["Any key, or the button: turn round"],
        "known_issues": [],
    },
)
TURNS: list[tuple[str, Calls]] = [
    ("I plan first.", [plan("doing", "todo", "todo")]),
    ("The page and its look.", [("write_file", {"path": "index.html", "content": PAGE})]),
    ("", [("write_file", {"path": "style.css", "content": STYLE})]),
    ("Now the game itself.", [("write_file", {"path": "game.js", "content": GAME})]),
    ("", [("read_file", {"path": "index.html"})]),
    ("", [("read_file", {"path": "game.js"}), ("search", {"text": "addEventListener"})]),
    ("", [plan("done", "done", "done")]),
    ("It is done.", [FINISH]),
    (
        "The names of the events are wrong.",
        [("edit_file", {"path": "game.js", "edits": [{"old": BROKEN, "new": MENDED}]})],
    ),
    ("Now it responds.", [FINISH]),
]


@contextmanager
def serve_builder() -> Iterator[str]:
    """Gives the address."""
    with serve_in_thread(_serve) as port:
        yield f"http://127.0.0.1:{port}/v1"


@contextmanager
def start_builder_stack(data: Path, at_once: int = 1) -> Iterator[Stack]:
    """A playground that builds with it."""
    with serve_builder() as url:
        running = start_stack(
            data,
            OPENAI_BASE_URL=url,
            OPENAI_API_KEY="sk-test",
            OPENAI_MODEL="builder",
            PLAYGROUND_BUILDS_AT_ONCE=str(at_once),
        )
        try:
            yield running
        finally:
            running.stop()


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int((re.findall(r"content-length: (\d+)", head.lower()) or ["0"])[0])
        body = json.loads(await reader.readexactly(length) or b"{}")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\n\r\n")
        if body.get("tools"):
            await _build(body, writer)
        else:
            await _say(writer, "Here is what it has to do:\n" + "\n".join(f"- {item}" for item in ITEMS), 0)
        _send(writer, {}, "tool_calls" if body.get("tools") else "stop")
        usage = {"prompt_tokens": 4000, "completion_tokens": 400, "total_tokens": 4400}
        writer.write(f"data: {json.dumps({'choices': [], 'usage': usage})}\n\ndata: [DONE]\n\n".encode())
        await writer.drain()
    writer.close()


async def _build(body: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    messages = body["messages"]
    wish = next(str(message["content"]) for message in messages if message["role"] == "user")
    delay = float((re.findall(r"delay=([\d.]+)", wish) or ["0"])[0])
    number = sum(message["role"] == "assistant" for message in messages)
    text, calls = _turn(wish, number)
    await _say(writer, text, delay / 4)
    for index, (name, arguments) in enumerate(calls):
        function = {"name": name, "arguments": ""}
        _send(writer, {"tool_calls": [{"index": index, "id": f"c{index}", "type": "function", "function": function}]})
        written = json.dumps(arguments)
        size = max(1, len(written) // 20)
        for start in range(0, len(written), size):
            piece = {"arguments": written[start : start + size]}
            _send(writer, {"tool_calls": [{"index": index, "function": piece}]})
            await writer.drain()
            await asyncio.sleep(delay / 20 / len(calls))


def _turn(wish: str, number: int) -> tuple[str, Calls]:
    if "slow" in wish:
        return [*TURNS[:4], (f"File {number}.", [("write_file", {"path": f"f{number}.js", "content": "// more\n"})])][
            min(number, 4)
        ]
    return TURNS[min(number, len(TURNS) - 1)]


async def _say(writer: asyncio.StreamWriter, text: str, delay: float) -> None:
    for word in re.findall(r"\S+\s*|\s+", text):
        _send(writer, {"content": word})
        await writer.drain()
        await asyncio.sleep(delay / 4)


def _send(writer: asyncio.StreamWriter, delta: dict[str, Any], reason: str | None = None) -> None:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    chunk = {"id": "x", "object": "chat.completion.chunk", "model": "builder", "choices": [choice]}
    writer.write(f"data: {json.dumps(chunk)}\n\n".encode())
