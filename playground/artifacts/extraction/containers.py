"""Tags around a file: `<antArtifact>`, `<artifact>`, `<boltAction type="file">`, `<file path>`, `:::artifact{…}`."""

import re
from dataclasses import dataclass

from agents.paths import clean_path
from playground.artifacts.extraction.blocks import PAGE, SVG, Name
from playground.artifacts.extraction.names import language_of, normal_language

LONGEST = 1_000  # of an opening tag

_TAGS = ("antartifact", "artifact", "boltartifact", "boltaction", "file", "edit")
_TAG = re.compile(rf"""<({"|".join(_TAGS)})(?=[\s>])((?:[^>"']|"[^"]*"|'[^']*')*)>[ \t]{{0,20}}\n?""", re.IGNORECASE)
_UNFINISHED = re.compile(r"""<\w+(?:[^>"']|"[^"]*"|'[^']*')*(?:"[^"]*|'[^']*)?|:[^\n]*""")
_DIRECTIVE = re.compile(r":{3,}artifact[ \t]*\{([^}\n]*)\}[ \t]*\n", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_OPENERS = (*(f"<{tag}" for tag in _TAGS), ":::artifact")

_TYPES = {
    "text/html": ("index.html", "html"),
    "html": ("index.html", "html"),
    "image/svg+xml": ("image.svg", "svg"),
    "svg": ("image.svg", "svg"),
    "application/vnd.ant.react": ("App.jsx", "jsx"),
    "react": ("App.jsx", "jsx"),
    "text/markdown": ("document.md", "markdown"),
    "markdown": ("document.md", "markdown"),
    "application/vnd.mermaid": ("diagram.mmd", "mermaid"),
    "application/vnd.ant.mermaid": ("diagram.mmd", "mermaid"),
    "mermaid": ("diagram.mmd", "mermaid"),
    "text/css": ("style.css", "css"),
    "application/javascript": ("script.js", "javascript"),
    "application/json": ("data.json", "json"),
    "text/csv": ("data.csv", "csv"),
}
_EXTENSIONS = {"javascript": "js", "typescript": "ts", "python": "py", "markdown": "md", "mermaid": "mmd", "bash": "sh"}
_PATHS = ("path", "filepath", "file-path", "file_path", "filename", "file", "name", "title", "identifier", "id")


@dataclass(frozen=True, slots=True)
class Container:
    tag: str
    attributes: dict[str, str]
    length: int  # of the opening tag
    text: str

    @property
    def end(self) -> str:
        return ":::" if self.tag == ":::" else f"</{self.tag}>"

    @property
    def is_wrapper(self) -> bool:
        """It holds no file of its own."""
        return self.tag == "boltartifact"

    @property
    def is_edit(self) -> bool:
        return self.tag == "edit"

    def read_path(self) -> str | None:
        paths = (clean_path(self.attributes.get(key, "").lstrip("/")) for key in _PATHS)
        return next((path for path in paths if path), None)

    def name(self, content: str) -> Name | None:
        """What the file in this container is called; `content` is its beginning."""
        if self.tag == "boltaction" and self.attributes.get("type", "file") != "file":
            return None
        if path := self.read_path():
            return Name(path, language_of(path))
        if self.tag in ("file", "boltaction"):
            return None
        return self._name_by_type() or _name_by_content(content)

    def _name_by_type(self) -> Name | None:
        kind = self.attributes.get("type", "").lower()
        if kind in _TYPES:
            return Name(*_TYPES[kind])
        language = normal_language(self.attributes.get("language", "").lower())
        if kind and language:
            return Name(f"main.{_EXTENSIONS.get(language, language)}", language)
        return None


def _name_by_content(content: str) -> Name | None:
    if PAGE.match(content):
        return Name("index.html", "html")
    return Name("image.svg", "svg") if SVG.match(content) else None


def read_container(rest: str) -> Container | None:
    start = len(rest) - len(rest.lstrip(" \t"))
    if match := _TAG.match(rest, start):
        return Container(match[1].lower(), _read_attributes(match[2]), match.end(), match[0])
    if match := _DIRECTIVE.match(rest, start):
        return Container(":::", _read_attributes(match[1]), match.end(), match[0])
    return None


def _read_attributes(text: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(text)
    return {key.lower(): double or single or bare for key, double, single, bare in found}


def may_be_container(rest: str) -> bool:
    """Whether text that begins like this may become an opening tag."""
    start = rest.lstrip(" \t").lower()
    if len(rest) > LONGEST or not start.startswith(("<", ":")):
        return False
    for opener in _OPENERS:
        if opener.startswith(start):
            return True
        if start.startswith(opener) and start[len(opener)] in " \t\n{>":
            return _UNFINISHED.fullmatch(start) is not None or _reaches_end(rest)
    return False


def _reaches_end(rest: str) -> bool:
    """The tag is whole, and its line may go on."""
    container = read_container(rest)
    return container is not None and container.length == len(rest) and not rest.endswith("\n")
