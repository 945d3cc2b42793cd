"""Attacks on patience and attention: pages that hang, eat memory, flood, steal the focus, or lie to the app."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page
from playwright.sync_api import Error as BrowserError

from tests.e2e.attacks.attacks import template
from tests.e2e.attacks.conftest import Victims, Visitor
from tests.e2e.attacks.deployment import SECRET, Strong
from tests.e2e.attacks.evil import Evil
from tests.e2e.attacks.weak import Weak

pytestmark = pytest.mark.e2e
STUCK = 2.0  # seconds without an answer

# Each ends by itself, so that what is stuck comes free again.
PRESSURES = {
    "loop": "const end = Date.now() + 5000; while (Date.now() < end);",
    "console-flood": """const text = "x".repeat(2000), say = T.weak ? (t) => parent.console.log(t) : console.log;
        for (let n = 0; n < MANY; n++) say(text);""",
    "message-flood": """const text = "x".repeat(2000);
        for (let n = 0; n < MANY; n++) parent.postMessage({ text }, "*");""",
    "hello-flood": """for (let n = 0; n < MANY; n++) { const c = new MessageChannel();
          parent.postMessage({ playground: "hello", nonce: "guess" }, "*", [c.port2]);
          c.port1.postMessage({ text: "x".repeat(3000) }); }""",
    "oversized": """const text = "x ".repeat(3e6);
        for (let n = 0; n < 3; n++) {
          parent.postMessage({ type: "console", level: "log", text }, "*"); await pause(20) }""",
}


def _start(visitor: Visitor, evil: Evil, page: Page, code: str) -> None:
    head = template(evil, visitor.deployment.app, "", SECRET)
    frame = visitor.look(page, {"index.html": head})
    page.wait_for_timeout(500)
    is_weak = "true" if visitor.deployment.app in frame.url else "false"
    many = 600 if is_weak == "true" else 10_000  # few are enough to occupy whoever shows each, for five seconds
    frame.evaluate(f"T.weak = {is_weak}; window.MANY = {many}; void setTimeout(async () => {{ {code} }}, 100)")


def _worst_wait(page: Page, seconds: float) -> float:
    """The longest that the app's page took to do a small thing; as soon as it was stuck, that is enough."""
    worst, end = 0.0, time.monotonic() + seconds
    while worst <= STUCK and time.monotonic() < end:
        began = time.monotonic()
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        worst = max(worst, time.monotonic() - began)
        page.wait_for_timeout(20)
    return worst


@pytest.mark.parametrize("name", PRESSURES)
def test_the_app_stays_responsive(victims: Victims, evil: Evil, name: str) -> None:
    def wait(visitor: Visitor) -> float:
        page = visitor.context.new_page()
        _start(visitor, evil, page, PRESSURES[name])
        worst = _worst_wait(page, 4)
        page.close()
        return worst

    assert wait(victims["weak"]) > STUCK, "this attack has no sting"
    assert wait(victims["strong"]) < STUCK


HOG = "const kept = []; for (;;) kept.push(new Array(1e5).fill().map(() => ({ a: [1] })))"


def test_a_memory_hog_takes_nothing_along(small_browser: Browser, weak: Weak, strong: Strong, evil: Evil) -> None:
    def survives(visitor: Visitor) -> bool:
        """Whether the app's page still works: it tells another tab, for the driver gives up a page whose frame crashes."""
        page, witness = visitor.context.new_page(), visitor.context.new_page()
        witness.goto(visitor.deployment.app)
        _start(visitor, evil, page, HOG)
        page.evaluate("void setInterval(() => { localStorage.alive = Date.now() }, 100)")
        try:
            witness.wait_for_timeout(8000)
            is_alive = bool(witness.evaluate("Date.now() - Number(localStorage.alive) < 2000"))
        except BrowserError:  # crashed, too
            is_alive = False
        page.close()
        witness.close()
        return is_alive

    assert survives(Visitor(small_browser, strong))
    assert not survives(Visitor(small_browser, weak)), "this attack has no sting"


def test_dialogs_without_end(victims: Victims, evil: Evil) -> None:
    def count(visitor: Visitor) -> int:
        page = visitor.context.new_page()
        seen: list[str] = []

        def dismiss(dialog: Dialog) -> None:
            seen.append(dialog.type)
            dialog.dismiss()

        page.on("dialog", dismiss)
        _start(visitor, evil, page, "for (let n = 0; n < 30; n++) { alert(n); confirm(n); prompt(n) }")
        page.wait_for_timeout(1500)
        page.close()
        return len(seen)

    assert count(victims["weak"]) > 20, "this attack has no sting"
    assert count(victims["strong"]) == 0


TYPED = "what I write is nobody else's business"
STEAL = """const keys = window.keys = [];
const field = document.createElement("input"); document.body.append(field);
addEventListener("keydown", (event) => keys.push(event.key));
try { parent.document.addEventListener("keydown", (event) => keys.push(event.key)) } catch {}
setInterval(() => { window.focus(); field.focus(); field.select() }, 30);"""


def test_what_is_typed_in_the_app_stays_there(victims: Victims, evil: Evil) -> None:
    def steal(visitor: Visitor, field: Callable[[Page], Locator]) -> tuple[str, str]:
        """What arrived in the app's field, and the keys that the artifact saw."""
        page = visitor.context.new_page()
        head = template(evil, visitor.deployment.app, "", SECRET)
        shown = visitor.deployment.show({"index.html": head})
        page.goto(shown.page)
        if page.get_by_role("button", name="Open in workbench").count():
            page.get_by_role("button", name="Open in workbench").click()
        frame = visitor.frame(page, shown)
        field(page).click()
        frame.evaluate(f"void setTimeout(() => {{ {STEAL} }}, 10)")
        for character in TYPED:
            page.keyboard.press("Space" if character == " " else character)
            page.wait_for_timeout(15)
        arrived = field(page).input_value()
        seen = "" if frame.is_detached() else "".join(frame.evaluate("window.keys ?? []"))
        page.close()
        return arrived, seen

    arrived, seen = steal(victims["weak"], lambda page: page.locator("#field"))
    assert len(arrived) < len(TYPED), "this attack has no sting"
    assert len(seen) > 10, "this attack has no sting"
    arrived, seen = steal(victims["strong"], lambda page: page.get_by_role("textbox", name="Your wish"))
    assert len(arrived) >= len(TYPED) - 6  # it goes back at once; what hits the very moment may be lost
    assert len(seen) <= 6


_LIE = """const c = new MessageChannel();
for (const nonce of ["", "guess", "undefined", window.name]) {
  const channel = new MessageChannel();
  parent.postMessage({ playground: "hello", nonce }, "*", [channel.port2]);
  for (const message of %s) channel.port1.postMessage(message);
}
for (const message of %s) parent.postMessage(message, "*");"""
_MARKUP = """{ type: "console", level: "log", source: null, text: "<img src=x onerror='window.pwned = true'>" }"""
_POLLUTION = """JSON.parse('{"type": "console", "options": {"__proto__": {"pwned": true}}}')"""
LIES = {
    "markup": _LIE % (f"[{_MARKUP}]", f"[{_MARKUP}]"),
    "markup-console": f"const m = {_MARKUP}; console.log(m.text); console.error(m.text); parent.postMessage(m, '*')",
    "markup-error": f"const m = {_MARKUP}; parent.postMessage(m, '*'); throw new Error(m.text)",
    "pollution": _LIE % (f"[{_POLLUTION}]", f"[{_POLLUTION}]"),
    "nonsense": _LIE
    % (
        '[null, 1, "x", [], { type: 1 }, { type: "link" }, { type: "storage", changes: 5 }, '
        + _MARKUP
        + ', { type: "link", url: "javascript:window.pwned = true" }]',
        f"[{_MARKUP}]",
    ),
}


@pytest.mark.parametrize("name", LIES)
def test_the_app_believes_no_lie(victims: Victims, evil: Evil, name: str) -> None:
    def is_fooled(visitor: Visitor) -> bool:
        page = visitor.context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        _start(visitor, evil, page, LIES[name])
        page.wait_for_timeout(800)
        fooled = page.evaluate("Boolean(window.pwned || ({}).pwned)")
        page.close()
        return bool(fooled)

    assert is_fooled(victims["weak"]), "this attack has no sting"
    assert not is_fooled(victims["strong"])


def test_a_forged_hello_offers_nothing(victims: Victims, evil: Evil) -> None:
    """Not even what an artifact may offer: only its prelude has the port."""
    page = victims["strong"].context.new_page()
    code = _LIE % (
        '[{ type: "link", url: `${T.evil}/offered` }, { type: "download", name: "offered.txt", mime: "text/plain", '
        'content: new ArrayBuffer(9) }, { type: "copy", text: "offered" }]',
        "[]",
    )
    _start(victims["strong"], evil, page, code)
    page.wait_for_timeout(800)
    assert "offered" not in page.locator("body").inner_text()
    page.close()
