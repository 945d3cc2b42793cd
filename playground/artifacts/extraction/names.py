"""What a block is called, and in which language it is written."""

import re

from agents.paths import clean_path

_LANGUAGES = {
    "htm": "html",
    "xhtml": "html",
    "html5": "html",
    "js": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "ts": "typescript",
    "react": "jsx",
    "md": "markdown",
    "py": "python",
    "python3": "python",
    "mmd": "mermaid",
    "yml": "yaml",
    "sh": "bash",
    "shell": "bash",
}
KNOWN = frozenset(_LANGUAGES.values()) | _LANGUAGES.keys()
KNOWN |= {
    "css",
    "svg",
    "json",
    "vue",
    "tsx",
    "svelte",
    "csv",
    "xml",
    "scss",
    "less",
    "sql",
    "toml",
    "diff",
    "text",
    "txt",
}

ANY = ("", "text", "txt", "plaintext", "code")  # info strings that say nothing about the language

_ATTRIBUTE = re.compile(
    r"""\b(?:title|file-?path|file|file-?name|file_name|name|path|src)\s*=\s*["']?([^"'\s}]+)""", re.IGNORECASE
)
_NAME = r"([^\s`*\"“”'‘’:：()<>\[\]]+\.[A-Za-z0-9]{1,8})"
_MARKS = r"(?:(?:[-*+•]|\d{1,9}[.)]|\#{1,6}|>)[ ])*+"  # of a list, heading or quote
_HEADING = re.compile(
    rf"""{_MARKS}(?:[^\w\s`*"“(\[<]{{1,3}}[ ])?+            # an emoji
    [*`"“(\[]*+(?:\d{{1,9}}[.)][ ])?+(?:(?:file[ ]?name|file|path|文件名|文件)\b)?+[ ]?[:：]?
    [ *`"“(\[]*+{_NAME}[*`"”)\]]*+[ ]?[:：]?[*`]*+
    (?P<remark>[ ]?\([^()]{{0,60}}\)|[ ][-–—][ ].{{0,80}})?[:：]?[*]*[ ]?""",
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE = re.compile(rf"(?P<before>[^`*]{{0,80}})(?:\*\*`?|`){_NAME}(?:`?\*\*|`)(?P<after>[^`*]{{0,40}}):\s*")
_PARTIAL = re.compile(
    r"\s*(?:in|inside|open|add|replace|change|edit|modify|find|locate|update|then in)\b", re.IGNORECASE
)
_COMMENT = re.compile(
    rf"(?:<!--|\{{?/\*+|//|\#|--|%%) ?(?:file ?name|file|path)? ?:? ?{_NAME} ?(?:-->|\*/\}}?)?",
    re.IGNORECASE,
)
_LONGEST = 200  # of a line in which a name may stand
# What people call libraries and runtimes, and looks like a file.
_NO_FILES = re.compile(
    r"(?:alpine|anime|babylon|chart|d3|express|gsap|matter|next|node|nuxt|p5|phaser|pixi|react|three|tone|vue)\.js",
    re.IGNORECASE,
)
_OUTER = "`*\"'{},;()[]<>"


def read_info(info: str) -> tuple[str, str | None]:
    """Language and path of an info string: `html index.html`, `html:index.html`, `js title="src/a.js"`, `style.css`."""
    info = info.strip()
    words = info.split()
    language = words[0].strip("{}.,").lower() if words else ""
    if attribute := _ATTRIBUTE.search(info):
        return _without_path(language), _named(attribute[1])
    for word in words:
        if path := _named(word):
            return (language_of(path) if word is words[0] else _without_path(language)), path
        before, separator, after = word.replace("|", ":").partition(":")
        if separator and (path := _named(after)):
            return (before.lower() if word is words[0] else _without_path(language)), path
    return _without_path(language), None


def read_heading(line: str, language: str) -> str | None:
    """The path in the line above a block: nothing but a file's name, or a sentence that announces one."""
    line = _normalise(line)
    if match := _HEADING.fullmatch(line):
        is_plain = not match["remark"] or line.lstrip()[:1] in tuple("#*`-+") or line.lstrip()[:1].isdigit()
        return _fitting(match[1], language) if is_plain else None
    match = _SENTENCE.fullmatch(line)
    return _fitting(match[2], language) if match and not _PARTIAL.match(line.lstrip("#*->0123456789. ")) else None


def read_comment(line: str, language: str) -> str | None:
    """The path in a block's first line, where that is a comment of nothing but a file name."""
    match = _COMMENT.fullmatch(_normalise(line))
    return _fitting(match[1], language) if match else None


def language_of(path: str) -> str:
    return normal_language(path.rpartition(".")[2].lower())


def normal_language(word: str) -> str:
    return _LANGUAGES.get(word, word)


def _normalise(line: str) -> str:
    """Single spaces, so that no pattern has to try where a run of them is divided; nothing of a line too long."""
    return " ".join(line.split()) if len(line) <= _LONGEST else ""


def _fitting(name: str, language: str) -> str | None:
    path = _named(name)
    if path is None or language in ANY:
        return path
    return path if _family(language_of(path)) == _family(normal_language(language)) else None


def _family(language: str) -> str:
    return "javascript" if language in ("jsx", "tsx", "typescript") else language


def _named(name: str) -> str | None:
    path = clean_path(name.strip(_OUTER))
    is_file = path is not None and not _NO_FILES.fullmatch(path) and any(map(str.isalpha, path.rpartition(".")[2]))
    return path if is_file else None


def _without_path(language: str) -> str:
    return re.split(r"[:|]", language, maxsplit=1)[0]
