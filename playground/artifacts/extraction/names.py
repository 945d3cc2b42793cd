"""What a fenced block is called, and in which language it is written."""

import re

from playground.artifacts.paths import clean_path

_LANGUAGES = {
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "css": "css",
    "js": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "javascript": "javascript",
    "ts": "typescript",
    "typescript": "typescript",
    "jsx": "jsx",
    "tsx": "tsx",
    "svg": "svg",
    "json": "json",
    "md": "markdown",
    "markdown": "markdown",
    "py": "python",
    "python": "python",
    "vue": "vue",
    "mmd": "mermaid",
    "mermaid": "mermaid",
}

_ANY = ("", "text", "txt", "plaintext", "code")  # info strings that say nothing about the language

_ATTRIBUTE = re.compile(r"""\b(?:title|file|filename|file_name|name|path)\s*=\s*["']?([^"'\s}]+)""", re.IGNORECASE)
_HEADING = re.compile(
    r"""\s*(?:(?:[-*+]|\d+[.)]|\#{1,6}|>)\s+)*          # list, heading or quote marks
    [*_`"“]*(?:file\s*name|file|path|文件名|文件)?\s*[:：]?\s*
    [*_`"“]*([^\s`*"“”:：]+\.[A-Za-z0-9]{1,8})[*_`"”]*\s*[:：]?[*_`]*\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_COMMENT = re.compile(
    r"\s*(?:<!--|/\*+|//|\#)\s*(?:file\s*name|file|path)?\s*:?\s*([^\s*:]+\.[A-Za-z0-9]{1,8})\s*(?:-->|\*/)?\s*",
    re.IGNORECASE,
)


def read_info(info: str) -> tuple[str, str | None]:
    """Language and path of an info string: `html index.html`, `html:index.html`, `js title="src/a.js"`, `style.css`."""
    info = info.strip()
    language = info.split(maxsplit=1)[0].strip("{}.,").lower() if info else ""
    if attribute := _ATTRIBUTE.search(info):
        return _without_path(language), _named(attribute[1])
    for word in info.split():
        before, colon, after = word.partition(":")
        if colon and (path := _named(after)):
            return before.lower(), path
        if path := _named(word):
            return (language_of(path) if word.lower() == language else language), path
    return _without_path(language), None


def read_heading(line: str, language: str) -> str | None:
    """The path in a line above a block, where that line is nothing but a file name and fits the block's language."""
    match = _HEADING.fullmatch(line)
    return _fitting(match[1], language) if match else None


def read_comment(line: str, language: str) -> str | None:
    """The path in a block's first line, where that is a comment of nothing but a file name."""
    match = _COMMENT.fullmatch(line)
    return _fitting(match[1], language) if match else None


def language_of(path: str) -> str:
    extension = path.rpartition(".")[2].lower()
    return _LANGUAGES.get(extension, extension)


def normal_language(word: str) -> str:
    return _LANGUAGES.get(word, word)


def _fitting(name: str, language: str) -> str | None:
    path = _named(name)
    if path is None or language in _ANY:
        return path
    return path if language_of(path) == normal_language(language) else None


def _named(name: str) -> str | None:
    return clean_path(name.strip("`*\"'{},;"))


def _without_path(language: str) -> str:
    return language.partition(":")[0]
