"""The workbench in Chromium while a long answer streams: tasks that hold the page up, and frames that it drops.

A control page, which only moves a box, is measured beside it: what that drops is the machine's doing.
"""

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, async_playwright

from agents.browser.chromium import DISABLE_FEATURES
from agents.browser.finding import find_chromium
from tests.bench.playgrounds import Playground, serve_playground
from tests.bench.upstream import Upstream

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
    DISABLE_FEATURES,
]
TOKENS = 20_000
RATE = 200.0  # tokens a second
LONG = 50  # milliseconds
PANES = ("Preview", "Code")
_SETTLE = 3.0  # seconds after the first token, in which what is not the stream is loaded
_SHARE = 0.2  # of the tokens that are prose; the rest is a file
_PARTS = 10  # of the page
_CONTROL = """<!doctype html><style>
div { width: 40px; height: 40px; background: teal; animation: to-and-fro 1s infinite alternate linear }
@keyframes to-and-fro { to { transform: translateX(200px) } }
</style><div></div>"""
_MOVING = """<style>
  .box { width: 40px; height: 40px; background: teal }
  .part { margin: 1em; border-left: 2px solid teal; padding-left: 1em }
</style>
<div class="box"></div>
<script>
  const box = document.querySelector(".box");
  const move = (now) => {
    box.style.transform = `translateX(${100 + 100 * Math.sin(now / 500)}px)`;
    requestAnimationFrame(move);
  };
  requestAnimationFrame(move);
</script>
"""
_PROBE = """(() => {
  const probe = (window.probe = { tasks: [], frames: 0, dropped: 0, reset() {
    probe.tasks = []; probe.frames = 0; probe.dropped = 0;
  } });
  new PerformanceObserver((list) => {
    for (const { duration, name } of list.getEntries()) probe.tasks.push({ duration, name });
  }).observe({ type: "longtask", buffered: true });
  let last;
  const count = (now) => {
    const missed = last === undefined ? 0 : Math.max(0, Math.round((now - last) * 60 / 1000) - 1);
    probe.frames += 1 + missed;
    probe.dropped += missed;
    last = now;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
})()"""
_WORDS = [
    "page",
    "canvas",
    "orbit",
    "planet",
    "colour",
    "gravity",
    "button",
    "keyboard",
    "score",
    "frame",
    "light",
    "shadow",
    "scene",
    "camera",
    "texture",
    "vector",
    "speed",
    "angle",
    "player",
    "enemy",
    "level",
    "sound",
    "voice",
    "timer",
    "grid",
    "map",
    "path",
    "tree",
    "river",
    "cloud",
]


@dataclass
class Figures:
    """Of one page in one trial; `dropped` in per cent of the frames that 60 Hz gives."""

    longest: float  # milliseconds; browsers tell of tasks over 50 ms only
    long_tasks: int
    dropped: float
    busy: float  # per cent of the time that the page's own thread works

    def __str__(self) -> str:
        longest = f"longest {self.longest:.0f} ms" if self.long_tasks else f"none over {LONG} ms"
        tasks = f"{self.long_tasks:3} tasks over {LONG} ms ({longest})"
        return f"{tasks}, {self.dropped:4.1f} % of the frames dropped, {self.busy:3.0f} % busy"


@dataclass
class Clock:
    """Of one page, from when it is measured."""

    session: CDPSession
    worked: float  # seconds
    begun: float


async def measure_page(folder: Path, tokens: int, panes: tuple[str, ...] = PANES) -> dict[str, float]:
    """Figures for bench.json: the worse of the panes."""
    upstream = Upstream(compose(tokens))
    upstream.rate = RATE
    url = f"http://127.0.0.1:{await upstream.start()}/v1"
    with serve_playground(folder / "page", url) as server:
        os.sched_setaffinity(0, os.sched_getaffinity(os.getppid()))  # a browser is many processes
        async with open_browser() as browser:
            control = await _open(await browser.new_context(viewport={"width": 300, "height": 100}))
            await control.set_content(_CONTROL)
            told = {
                pane: await _try(browser, server, upstream, control, number, pane, tokens)
                for number, pane in enumerate(panes)
            }
    ours = [own for own, _ in told.values()]
    return {
        "page_longest_task_ms": max(figures.longest for figures in ours),
        "page_tasks_over_50ms": sum(figures.long_tasks for figures in ours),
        "page_dropped_frames": max(figures.dropped for figures in ours),
        "page_busy": max(figures.busy for figures in ours),
        "page_dropped_frames_control": max(beside.dropped for _, beside in told.values()),
    }


def compose(tokens: int) -> list[str]:
    """An answer of so many tokens of 16 characters: prose with lists, and a page that moves and grows meanwhile.

    The tokens of models have about 4 characters; these stand for answers that are four times as long.
    """
    chance = random.Random(1)
    prose = _write_prose(chance, int(tokens * _SHARE) * 16)
    page = _write_page(chance, int(tokens * (1 - _SHARE)) * 16)
    text = f"{prose}\n\n```html\n{page}\n```\n\nIt runs as it is.\n\n"
    return [text[start : start + 16] for start in range(0, len(text), 16)]


def _write_prose(chance: random.Random, length: int) -> str:
    parts: list[str] = []
    while sum(map(len, parts)) < length:
        number = len(parts)
        sentences = [" ".join(chance.choices(_WORDS, k=12)).capitalize() + "." for _ in range(5)]
        parts.append(f"## Part {number}\n\n{' '.join(sentences)} See `part{number}()` and **{sentences[0]}**\n\n")
        parts.append("".join(f"{item}. *{chance.choice(_WORDS)}*: {sentences[item]}\n" for item in range(1, 5)) + "\n")
    return "".join(parts)[:length]


def _write_page(chance: random.Random, length: int) -> str:
    """What is seen of it comes in ten parts, each before a tenth of its scripts."""
    parts = [f"<!doctype html>\n<title>Bench</title>\n<h1>Bench</h1>\n{_MOVING}"]
    for number in range(_PARTS):
        words = " ".join(chance.choices(_WORDS, k=40))
        code = _write_code(chance, length // _PARTS - len(words), f"Of{number}")
        parts.append(f'<section class="part">\n  <h2>Part {number}</h2>\n  <p>{words}.</p>\n</section>\n')
        parts.append(f"<script>\n{code}</script>\n")
    return "".join(parts)


def _write_code(chance: random.Random, length: int, suffix: str) -> str:
    parts: list[str] = []
    size = 0
    while size < length:
        one, two, three = chance.sample(_WORDS, k=3)
        name = f"{one}{two.capitalize()}{len(parts)}{suffix}"
        parts.append(
            f"// The {one} and its {two}.\nfunction {name}({three}, index) {{\n"
            f"  const {two} = {{ x: {chance.random():.4f}, label: `{one} ${{index}}`, on: true }};\n"
            f"  for (let i = 0; i < index * {chance.randrange(99)}; i++) {three}.push({two}.x * i);\n"
            f'  return {three}.length > 10 ? {three} : "{one} {two}";\n}}\n\n'
        )
        size += len(parts[-1])
    return "".join(parts)


async def _try(
    browser: Browser,
    server: Playground,
    upstream: Upstream,
    control: Page,
    number: int,
    pane: str,
    tokens: int,
) -> tuple[Figures, Figures]:
    """Of our page and of the control, while answer `number` streams."""
    upstream.is_ending = False
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    page = await _open(context)
    name, _, value = server.cookie.split("; ")[0].partition("=")
    await context.add_cookies([{"name": name, "value": value, "url": f"http://localhost:{server.port}"}])
    await page.goto(f"http://localhost:{server.port}/new")
    field = page.get_by_role("textbox", name="Your wish")
    await field.fill(f"stream-{number}")
    await field.press("Enter")
    await page.get_by_role("tab", name=pane).click()
    await asyncio.sleep(_SETTLE)
    clocks = [await _start(each) for each in (page, control)]
    sent, start = upstream.streams[number].sent, time.monotonic()
    before = len(sent)
    while len(sent) < tokens:  # noqa: ASYNC110  (nothing else tells)
        await asyncio.sleep(0.1)
    rate = (len(sent) - before) / (time.monotonic() - start)
    told = await _read(page, clocks[0]), await _read(control, clocks[1])
    print(f"{pane:8} {told[0]}, at {rate:.0f} tokens/s\n{'control':8} {told[1]}", flush=True)
    upstream.is_ending = True
    await page.get_by_role("button", name="Version 1", exact=True).wait_for(timeout=60_000)
    await context.close()
    return told


async def _open(context: BrowserContext) -> Page:
    page = await context.new_page()
    await page.add_init_script(_PROBE)
    await page.goto("about:blank")
    return page


async def _start(page: Page) -> Clock:
    await page.evaluate("probe.reset()")
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")
    return Clock(session, await _seconds(session), time.monotonic())


async def _seconds(session: CDPSession) -> float:
    """That the page's own thread has worked."""
    told = await session.send("Performance.getMetrics")
    return float(next(metric["value"] for metric in told["metrics"] if metric["name"] == "TaskDuration"))


async def _read(page: Page, clock: Clock) -> Figures:
    busy = (await _seconds(clock.session) - clock.worked) / (time.monotonic() - clock.begun)
    probe = await page.evaluate("probe")
    durations = [task["duration"] for task in probe["tasks"]]
    dropped = probe["dropped"] / max(probe["frames"], 1)
    return Figures(max(durations, default=0.0), len(durations), dropped * 100, busy * 100)


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        await browser.close()
