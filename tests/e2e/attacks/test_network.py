"""The network permission in a real browser: what the owner allowed is reached, and nothing else."""

import pytest

from tests.e2e.attacks.api import Api
from tests.e2e.attacks.attacks import script
from tests.e2e.attacks.conftest import Victims
from tests.e2e.attacks.deployment import Shown, Strong

pytestmark = pytest.mark.e2e

_PAGE = "<!doctype html><title>weather</title><body><script>window.wins = []</script>" + "".join(
    script(code)
    for host in ("api", "other")
    for code in (
        f'wins.push((await (await fetch("https://{host}.example.com/{host}-fetch")).json()).weather + " {host}")',
        f'new Image().src = "https://{host}.example.com/{host}-image"',
        f'new WebSocket("wss://{host}.example.com/{host}-socket")',
        f'await import("https://{host}.example.com/{host}-script")',
        f'const f = document.createElement("iframe"); f.src = "https://{host}.example.com/{host}-frame"; document.body.append(f)',
    )
)


def test_what_is_allowed_is_reached(victims: Victims, public_api: Api) -> None:
    strong = victims["strong"].deployment
    assert isinstance(strong, Strong)
    public_api.asked.clear()
    info = strong.publish({"index.html": _PAGE})
    page = victims["strong"].context.new_page()
    shown = Shown(info["url"], info["frame_url"])
    victims["strong"].visit(page, shown)
    page.wait_for_timeout(1000)
    assert public_api.asked == []
    strong.allow_hosts(info["id"], ["api.example.com"])
    frame = victims["strong"].visit(page, shown)
    expected = {f"api.example.com/api-{kind}" for kind in ("fetch", "image", "socket")}
    frame.wait_for_function("wins.length > 0")
    for _ in range(100):
        if set(public_api.asked) >= expected:
            break
        page.wait_for_timeout(100)
    page.wait_for_timeout(1000)  # in which nothing else is reached
    assert frame.evaluate("wins") == ["sun api"]
    assert set(public_api.asked) == expected
    page.close()
