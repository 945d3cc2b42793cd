"""What runs inside of the browser."""

from pathlib import Path

# What can be pressed or filled in. A control is known by its place among these.
CONTROLS = (
    "button,input:not([type=hidden]),textarea,select,[role=button],[onclick],summary,"
    "[contenteditable=true],[contenteditable='']"
)


def read(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8").replace("CHECK_CONTROLS", CONTROLS)
