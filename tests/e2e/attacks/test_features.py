"""What an honest page must be able to do: through the real playground, in the same frame that the attacks failed in."""

import base64
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Frame, Locator, Page, expect

from tests.e2e.attacks.attacks import script
from tests.e2e.attacks.conftest import Victims, Visitor, note
from tests.e2e.attacks.deployment import Shown, Strong

pytestmark = pytest.mark.e2e
FONTS = Path(__file__).resolve().parents[3] / "frontend" / "node_modules"

_HEAD = """<!doctype html><meta charset="utf-8"><title>honest</title><link rel="stylesheet" href="style.css">
<script>window.wins = []; const works = (name) => wins.push(name);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));</script><body>"""

# Each by itself, without a person.
FEATURES = {
    "canvas": script("""const c = document.createElement("canvas").getContext("2d");
        c.fillStyle = "#f00"; c.fillRect(0, 0, 9, 9); c.getImageData(1, 1, 1, 1).data[0] === 255 && works("canvas")"""),
    "animation": script("""let frames = 0; const draw = () => ++frames > 5 ? works("animation")
        : requestAnimationFrame(draw); draw()"""),
    "visibility": script('document.visibilityState === "visible" && works("visibility")'),
    "webgl": script("""const g = document.createElement("canvas").getContext("webgl2");
        g.clearColor(1, 0, 0, 1); g.clear(g.COLOR_BUFFER_BIT); const p = new Uint8Array(4);
        g.readPixels(0, 0, 1, 1, g.RGBA, g.UNSIGNED_BYTE, p); p[0] === 255 && works("webgl")"""),
    "local-storage": script('localStorage.best = 7; localStorage.getItem("best") === "7" && works("local-storage")'),
    "session-storage": script('sessionStorage.setItem("a", "b"); sessionStorage.a === "b" && works("session-storage")'),
    "cookies": script("""document.cookie = "theme=dark; path=/; max-age=999";
        document.cookie.includes("theme=dark") && works("cookies")"""),
    "indexed-db": script("""const opening = indexedDB.open("games", 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore("scores", { keyPath: "id" });
        opening.onsuccess = () => { const t = opening.result.transaction("scores", "readwrite");
          t.objectStore("scores").put({ id: 1, points: 5 }); t.oncomplete = () => {
            opening.result.transaction("scores").objectStore("scores").get(1).onsuccess = (e) =>
              e.target.result.points === 5 && works("indexed-db") } }"""),
    "dialogs": script("""const began = performance.now(); alert("hello"); confirm("sure?"); prompt("name?");
        performance.now() - began < 500 && works("dialogs")"""),
    "blob-worker": script("""const w = new Worker(URL.createObjectURL(new Blob(["onmessage = (e) => postMessage(e.data * 2)"])));
        w.onmessage = (e) => e.data === 42 && works("blob-worker"); w.postMessage(21)"""),
    "webassembly": script("""const bytes = Uint8Array.from(
        [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 6, 1, 4, 0, 65, 42, 11]);
        (await WebAssembly.instantiate(bytes)).instance.exports.f() === 42 && works("webassembly")"""),
    "module": '<script type="module">import { half } from "./lib.js"; half(4) === 2 && works("module")</script>',
    "dynamic-import": script('(await import("./lib.js")).half(8) === 4 && works("dynamic-import")'),
    "fetch-own": script('(await (await fetch("data.json")).json()).level === 3 && works("fetch-own")'),
    "xhr-own": script("""const x = new XMLHttpRequest(); x.onload = () => JSON.parse(x.responseText).level === 3
        && works("xhr-own"); x.open("GET", "data.json"); x.send()"""),
    "hash-routing": script("""addEventListener("hashchange", () => location.hash === "#/about" && works("hash-routing"));
        await pause(300); location.hash = "/about" """),
    "push-state": script("""history.pushState({ page: 2 }, "", "?page=2");
        history.state.page === 2 && location.search === "?page=2" && works("push-state")"""),
    "stylesheet": script("""await pause(300);
        getComputedStyle(document.body).getPropertyValue("--own").trim() === "yes" && works("stylesheet")"""),
    "image": '<img src="pic.png" onload="works(\'image\')">',
    "image-data": "<img src=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E\" onload=\"works('image-data')\">",
    "image-svg": '<img src="pic.svg" onload="works(\'image-svg\')">',
    "audio-file": '<audio src="beep.wav" preload="auto" oncanplay="works(\'audio-file\')"></audio>',
    "font": script('const f = new FontFace("own", "url(own.woff2)"); await f.load(); works("font")'),
    "inline-handler": '<i id="inline" onclick="works(\'inline-handler\')"></i><script>inline.click()</script>',
    "eval": script('eval("1 + 1") === 2 && new Function("a", "return a * 2")(4) === 8 && works("eval")'),
    "gamepad": script('Array.isArray(navigator.getGamepads()) && works("gamepad")'),
    "nested-document": script("""const f = document.createElement("iframe");
        f.srcdoc = "<script>parent.postMessage('within', '*')<\\/script>";
        addEventListener("message", (e) => e.data === "within" && works("nested-document"));
        document.body.append(f)"""),
    "shadow-component": script("""customElements.define("x-clock", class extends HTMLElement {
        connectedCallback() { this.attachShadow({ mode: "open" }).innerHTML = "<p>tick"; works("shadow-component") } });
        document.body.append(document.createElement("x-clock"))"""),
    "observers": script("""new ResizeObserver(() => works("observers")).observe(document.body)"""),
    "crypto": script('crypto.getRandomValues(new Uint8Array(4)).length === 4 && works("crypto")'),
    "speech-list": script('Array.isArray(speechSynthesis.getVoices()) && works("speech-list")'),
}

# With a person's hands.
_HANDS = """<button id="sound">sound</button><button id="lock">lock</button><canvas id="game" tabindex="0"></canvas>
<form id="form"><input id="name" name="name"><button id="send">send</button></form>
<p id="drag" draggable="true">drag me</p><p id="drop">drop here</p>
<button id="save">save</button><button id="copy">copy</button><button id="full">full</button>
<a id="link" href="https://example.com/more">more</a><a id="next" href="two.html">next</a>
<script>
sound.onclick = async () => { const c = new AudioContext(); const o = c.createOscillator(); o.connect(c.destination);
  o.start(); await c.resume(); c.state === "running" && works("web-audio") };
lock.onclick = () => { document.onpointerlockchange = () => document.pointerLockElement && works("pointer-lock");
  lock.requestPointerLock() };
game.onclick = () => game.focus(); game.onkeydown = (e) => e.key === "ArrowLeft" && works("keyboard");
form.onsubmit = (e) => { e.preventDefault(); new FormData(form).get("name") === "Ada" && works("form") };
drag.ondragstart = (e) => e.dataTransfer.setData("text/plain", "piece");
drop.ondragover = (e) => e.preventDefault();
drop.ondrop = (e) => { e.preventDefault(); e.dataTransfer.getData("text/plain") === "piece" && works("drag-and-drop") };
save.onclick = () => { const a = document.createElement("a"); a.download = "score.txt";
  a.href = URL.createObjectURL(new Blob(["42 points"])); a.click() };
copy.onclick = () => navigator.clipboard.writeText("shared by the page").then(() => works("clipboard"));
full.onclick = () => document.documentElement.requestFullscreen();
</script>"""


def _wav() -> str:
    samples = b"\x80" * 800
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + 800, b"WAVE", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8, b"data", 800
    )
    return _base64(head + samples)


def _base64(content: bytes) -> str:
    return f"base64:{base64.b64encode(content).decode()}"


def _files() -> dict[str, str]:
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    font = next(FONTS.rglob("*.woff2"), None)
    return {
        "index.html": _HEAD + "\n".join(FEATURES.values()) + _HANDS,
        "two.html": '<!doctype html><title>two</title><h1>Second page</h1><a id="back" href="index.html">back</a>',
        "style.css": "body { --own: yes }",
        "lib.js": "export const half = (n) => n / 2;",
        "data.json": '{"level": 3}',
        "pic.png": f"base64:{pixel}",
        "pic.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><style>rect { fill: red }</style><rect/></svg>',
        "beep.wav": _wav(),
        "own.woff2": _base64(font.read_bytes()) if font else "",
    }


class Visit:
    def __init__(self, visitor: Visitor) -> None:
        deployment = visitor.deployment
        assert isinstance(deployment, Strong)
        self.strong, self.visitor = deployment, visitor
        info = deployment.publish(_files())
        self.artifact = info["id"]
        self.shown = Shown(page=info["url"], frame=info["frame_url"])
        self.page: Page = visitor.context.new_page()
        self.dialogs: list[Dialog] = []
        self.page.on("dialog", note(self.dialogs))
        self.frame: Frame = visitor.visit(self.page, self.shown)

    @property
    def offers(self) -> Locator:
        """The bars of ours, below the frame."""
        return self.page.locator(".artifact-frame .foot")

    def wins(self, wanted: set[str], seconds: float) -> set[str]:
        for _ in range(int(seconds * 10)):
            found = set(self.frame.evaluate("window.wins ?? []"))
            if wanted <= found:
                break
            self.page.wait_for_timeout(100)
        return found


@pytest.fixture(scope="module")
def visit(victims: Victims) -> Iterator[Visit]:
    made = Visit(victims["strong"])
    yield made
    made.page.close()


@pytest.fixture(scope="module")
def wins(visit: Visit) -> set[str]:
    return visit.wins(set(FEATURES), 8)


@pytest.mark.parametrize("name", FEATURES)
def test_it_works_by_itself(wins: set[str], name: str) -> None:
    assert name in wins


def test_dialogs_do_not_block(visit: Visit, wins: set[str]) -> None:
    assert visit.dialogs == []


def test_sound_after_a_click(visit: Visit) -> None:
    visit.frame.click("#sound")
    assert "web-audio" in visit.wins({"web-audio"}, 3)


def test_keys_after_a_click(visit: Visit) -> None:
    visit.frame.click("#game")
    visit.page.keyboard.press("ArrowLeft")
    assert "keyboard" in visit.wins({"keyboard"}, 3)


def test_a_form_with_a_submit_handler(visit: Visit) -> None:
    visit.frame.click("#name")
    visit.frame.fill("#name", "Ada")
    visit.frame.press("#name", "Enter")
    assert "form" in visit.wins({"form"}, 3)


def test_drag_and_drop(visit: Visit) -> None:
    visit.frame.drag_and_drop("#drag", "#drop")
    assert "drag-and-drop" in visit.wins({"drag-and-drop"}, 3)


def test_the_pointer_is_locked(visit: Visit) -> None:
    visit.frame.click("#lock")
    assert "pointer-lock" in visit.wins({"pointer-lock"}, 3)
    visit.frame.evaluate("document.exitPointerLock()")


def test_a_download_is_offered(visit: Visit) -> None:
    visit.frame.click("#save")
    with visit.page.expect_download() as download:
        visit.offers.get_by_role("button", name="Save").click()
    assert download.value.suggested_filename == "score.txt"
    assert Path(download.value.path()).read_text() == "42 points"


def test_a_link_is_offered(visit: Visit) -> None:
    visit.frame.click("#link")
    expect(visit.offers.get_by_text("example.com").first).to_be_visible()
    expect(visit.offers.get_by_role("link")).to_have_attribute("href", "https://example.com/more")
    visit.offers.get_by_role("button").last.click()  # no, thanks
    expect(visit.offers.get_by_role("link")).to_have_count(0)


def test_copying_is_offered(visit: Visit) -> None:
    visit.page.evaluate("navigator.clipboard.writeText('before')")
    visit.frame.click("#copy")
    visit.offers.get_by_role("button", name="Copy", exact=True).click()
    visit.page.wait_for_timeout(200)
    assert visit.page.evaluate("navigator.clipboard.readText()") == "shared by the page"


def test_full_screen_is_offered(victims: Victims) -> None:
    visit = Visit(victims["strong"])  # of its own: offers wait for those before them
    visit.frame.click("#full")
    visit.offers.get_by_role("button", name="Full screen").click()
    visit.page.wait_for_function("document.fullscreenElement")
    assert visit.page.evaluate("document.fullscreenElement.querySelector('button') !== null")  # the way out
    visit.page.close()


def test_pages_of_its_own(victims: Victims) -> None:
    visit = Visit(victims["strong"])
    visit.frame.click("#next")
    frame = visit.visitor.frame(visit.page, Shown(visit.shown.page, f"{visit.shown.frame}two.html"))
    assert frame.inner_text("h1") == "Second page"
    frame.click("#back")
    frame = visit.visitor.frame(visit.page, Shown(visit.shown.page, f"{visit.shown.frame}index.html"))
    assert frame.title() == "honest"
    visit.page.close()


_KEEPING = """<!doctype html><title>keeping</title><body><script>
const read = async () => { const o = indexedDB.open("d", 1);
  o.onupgradeneeded = () => o.result.createObjectStore("s");
  await new Promise((done) => o.onsuccess = done);
  return new Promise((done) => { const t = o.result.transaction("s", "readwrite"); const s = t.objectStore("s");
    const asked = s.get("k"); asked.onsuccess = () => { s.put("kept", "k"); t.oncomplete = () => done(asked.result) } }) };
const before = `${localStorage.visits} ${document.cookie}`;
localStorage.visits = Number(localStorage.visits ?? 0) + 1; document.cookie = "seen=yes";
read().then((found) => document.body.dataset.found = `${before} ${found}`);
</script>"""


def test_what_it_keeps_is_there_again_also_in_the_next_version(victims: Victims) -> None:
    visitor = victims["strong"]
    assert isinstance(visitor.deployment, Strong)
    info = visitor.deployment.publish({"index.html": _KEEPING})
    page = visitor.context.new_page()
    found = [_kept(visitor, page, info["url"], info["frame_url"])]
    found.append(_kept(visitor, page, info["url"], info["frame_url"]))
    visitor.deployment.add_version(info["id"], {"index.html": _KEEPING + "<p>two"})
    found.append(_kept(visitor, page, info["url"], info["frame_url"].replace("/v/1/", "/v/2/")))
    other = visitor.deployment.publish({"index.html": _KEEPING})
    found.append(_kept(visitor, page, other["url"], other["frame_url"]))
    page.close()
    nothing = "undefined  undefined"
    assert found == [nothing, "1 seen=yes kept", "2 seen=yes kept", nothing]


def _kept(visitor: Visitor, page: Page, url: str, frame_url: str) -> str:
    frame = visitor.visit(page, Shown(url, frame_url))
    frame.wait_for_selector("body[data-found]", state="attached")
    page.wait_for_timeout(1500)  # it is saved in the background
    return str(frame.evaluate("document.body.dataset.found"))
