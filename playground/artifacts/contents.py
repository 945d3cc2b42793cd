"""Whether a file is what its name says: told by its first bytes, as browsers do."""

import re

from django.utils.translation import gettext as _

from playground.errors import BadInput

# What a file with this extension begins with. `ftyp` and `WAVE` stand behind a length.
_SIGNS: dict[str, str] = {
    "png": r"\x89PNG",
    "jpg jpeg": r"\xff\xd8\xff",
    "gif": r"GIF8[79]a",
    "webp": r"RIFF....WEBP",
    "avif": r"....ftyp(?:avif|avis|mif1|msf1)",
    "ico": r"\x00\x00\x01\x00",
    "mp3": r"ID3|\xff[\xe0-\xff]",
    "wav": r"RIFF....WAVE",
    "ogg oga opus ogv": r"OggS",
    "flac": r"fLaC",
    "aac": r"\xff[\xf0-\xff]|ADIF",
    "mp4 m4v m4a mov": r"....ftyp",
    "webm": r"\x1a\x45\xdf\xa3",
    "woff": r"wOFF",
    "woff2": r"wOF2",
    "ttf": r"\x00\x01\x00\x00|true",
    "otf": r"OTTO",
    "glb": r"glTF",
    "wasm": r"\x00asm",
    "bin": r"",  # buffers of glTF models: any bytes
}
_PATTERNS = {
    extension: re.compile(sign.encode("latin-1"), re.DOTALL)
    for extensions, sign in _SIGNS.items()
    for extension in extensions.split()
}


def check_content(path: str, content: bytes) -> None:
    """Raises BadInput for a picture, sound, film, font or model that is none, and for other files that are no text."""
    extension = path.rpartition(".")[2].lower()
    if pattern := _PATTERNS.get(extension):
        if not pattern.match(content):
            message = _("“%(path)s” is no %(kind)s file: its content is something else.")
            raise BadInput("wrong_content", message % {"path": path[:200], "kind": extension.upper()})
    elif not is_plain_text(content):
        message = _(
            "“%(path)s” is no text. Besides text there may be pictures, sound, films, fonts, 3D models and WebAssembly,"
            " each under its usual extension."
        )
        raise BadInput("wrong_content", message % {"path": path[:200]})
    elif extension == "svg" and b"<svg" not in content:
        raise BadInput("wrong_content", _("“%(path)s” is no SVG picture.") % {"path": path[:200]})


def is_plain_text(content: bytes) -> bool:
    """UTF-8 without NUL, which databases and editors cannot hold."""
    try:
        return "\0" not in content.decode()
    except UnicodeDecodeError:
        return False
