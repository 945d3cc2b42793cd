"""Attacks that wait for a person's click in the frame: pop-ups, dialogs, downloads, the clipboard, full screen."""

from dataclasses import dataclass, field
from html import escape

import pytest
from playwright.sync_api import Dialog, Page, TimeoutError

from tests.e2e.attacks.attacks import BY_CLICK, BY_CLICK_NESTED, template
from tests.e2e.attacks.conftest import Victims, Visitor
from tests.e2e.attacks.deployment import SECRET
from tests.e2e.attacks.evil import Evil

pytestmark = pytest.mark.e2e
ALL = [*BY_CLICK, *BY_CLICK_NESTED]


@dataclass
class Outcome:
    """The names of the attacks that had their will."""

    done: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def outcomes(victims: Victims, evil: Evil) -> dict[str, Outcome]:
    return {name: _attack(victims[name], evil) for name in ("strong", "weak")}


def _attack(visitor: Visitor, evil: Evil) -> Outcome:
    target = visitor.deployment
    nested = escape("".join(_button(name, code) for name, code in BY_CLICK_NESTED.items()))
    buttons = [_button(name, code) for name, code in BY_CLICK.items()]
    buttons.append(f'<iframe id="nested" srcdoc="{nested}"></iframe>')
    head = template(evil, target.app, target.other, SECRET)
    outcome = Outcome()
    current = [""]
    page = visitor.context.new_page()
    page.on("download", lambda _download: outcome.done.add(current[0]))
    page.on("dialog", lambda dialog: _dismiss(dialog, outcome, current[0]))
    frame = visitor.look(page, {"index.html": head + "\n".join(buttons)})
    for name in ALL:
        current[0] = name
        page.bring_to_front()
        _write_clipboard(page, "mine")
        where = frame.frame_locator("#nested") if name in BY_CLICK_NESTED else frame
        try:
            where.locator(f"#{name}").click(force=True, timeout=15_000 if name in BY_CLICK else 3000)
        except TimeoutError:  # a nested document that was not let in
            continue
        page.wait_for_timeout(300)
        if name.startswith("clipboard") and _read_clipboard(page).startswith("attacked"):
            outcome.done.add(name)
        if _close_others(visitor, page):
            outcome.done.add(name)
        frame.evaluate("document.fullscreenElement && document.exitFullscreen()")
    outcome.done |= set(frame.evaluate("wins"))
    page.close()
    return outcome


def _button(name: str, code: str) -> str:
    listener = f'document.getElementById("{name}").onclick = async () => {{ {code} }}'
    return f'<button id="{name}">{name}</button><script>{listener}</script>'


def _dismiss(dialog: Dialog, outcome: Outcome, name: str) -> None:
    outcome.done.add(name)
    dialog.dismiss()


def _close_others(visitor: Visitor, page: Page) -> bool:
    others = [other for other in visitor.context.pages if other != page]
    for other in others:
        other.close()
    return bool(others)


def _write_clipboard(page: Page, text: str) -> None:
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)


def _read_clipboard(page: Page) -> str:
    page.evaluate("document.activeElement?.blur(); window.focus()")
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize("name", ALL)
def test_a_click_gives_no_more_rights(outcomes: dict[str, Outcome], name: str) -> None:
    assert name in outcomes["weak"].done, "this attack has no sting"
    assert name not in outcomes["strong"].done
