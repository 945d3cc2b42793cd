"""Contents as they can be written into a page."""

import re
from base64 import b64encode

from playground.takeout.sources import Resource

_SCRIPT_END = re.compile(r"</(?=script)", re.IGNORECASE)
_STYLE_END = re.compile(r"</(?=style)", re.IGNORECASE)


def data_url(resource: Resource, body: bytes | None = None) -> str:
    content = b64encode(resource.body if body is None else body).decode()
    return f"data:{resource.mime.replace(' ', '')};base64,{content}"


def script_text(text: str) -> str:
    """As the content of a script element: what would end it, or open a comment in it, is spelt otherwise."""
    return _SCRIPT_END.sub(r"<\\/", text).replace("<!--", "<\\!--")


def style_text(text: str) -> str:
    return _STYLE_END.sub(r"<\\/", text)
