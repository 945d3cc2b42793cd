"""Real touches, from the browser's own input on."""

from playwright.sync_api import Page


class Finger:
    """Stays on the glass until the end of the block."""

    def __init__(self, page: Page) -> None:
        self._devtools = page.context.new_cdp_session(page)
        self._kind = "touchStart"

    def __enter__(self) -> "Finger":
        return self

    def drag(self, *points: tuple[float, float]) -> None:
        """From one to the next, in pixels of the window."""
        for x, y in points:
            self._send(self._kind, [{"x": x, "y": y}])
            self._kind = "touchMove"

    def __exit__(self, *error: object) -> None:
        self._send("touchEnd", [])
        self._devtools.detach()

    def _send(self, kind: str, points: list[dict[str, float]]) -> None:
        self._devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
