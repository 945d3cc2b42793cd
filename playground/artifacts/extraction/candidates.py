"""What a fenced block is that has not said so: a file, or code that stays prose. Decided from its beginning."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from agents.paths import clean_path
from playground.artifacts.extraction import edits
from playground.artifacts.extraction.blocks import PAGE, SVG, Name
from playground.artifacts.extraction.names import ANY, language_of, normal_language, read_comment
from playground.artifacts.extraction.output import Output

HEAD = 600  # characters of a block that may be held back until it shows what it is
_LINES = 8

_FRAGMENT = re.compile(r"<(?:script|style|canvas|body|head|svg)[\s>]", re.IGNORECASE)
_MODULE = re.compile(r"^\s*(?:import|export)\s", re.MULTILINE)
_COMPONENT = re.compile(r"^\s*(?:export\s+default\s|(?:async\s+)?function\s+[A-Z]|const\s+[A-Z]\w*\s*=)", re.MULTILINE)
_REACT = re.compile(r"""\bfrom\s+["']react["']|\bReact\.use[A-Z]""")
_SINGLE_FILE = re.compile(r"\s*+(?><!--(?>.*?-->)\s*+)?+<(?:template|script\s+setup)\b", re.IGNORECASE | re.DOTALL)
_TEMPLATE = re.compile(r"<\?(?:php|=)|\{%|<%|^\s*@(?:model|page|using|extends|section)\b|^\s*package\s", re.MULTILINE)
_SKETCH = re.compile(r"\bfunction\s+(?:setup|draw)\s*\(|\bcreateCanvas\s*\(")  # of p5.js
_WRAPPED = re.compile(
    r"""\s*(?:<tool_call>|<function=|<(?:antArtifact|boltArtifact|boltAction|artifact)[\s>]
    |\{\s*"name"\s*:\s*"[\w.:-]+"\s*,\s*"(?:arguments|parameters|input)"\s*:)""",
    re.IGNORECASE | re.VERBOSE,
)
# Languages whose text may hold a page without being one.
_PROGRAMS = frozenset(
    re.findall(
        r"\S+",
        """php jinja jinja2 j2 django twig erb ejs handlebars hbs mustache razor cshtml blade liquid cue python bash zsh
        gohtml powershell go gotmpl java kotlin ruby rust c cpp csharp c# perl lua tcl r diff patch jsp aspx pug haml
        slim sql yaml toml json http nginx markdown vue svelte astro elixir eex heex""",
    )
)
_MARKUP = ("html", "svg", "xml", "markup", *ANY)
# Extension, default name, and the element with which a page carries its own.
_COMPANIONS = {"css": (".css", "style.css", "style"), "javascript": (".js", "script.js", "script")}

_TIP = re.compile(
    r"""\b(?:chang|replac|edit|modif|adjust|swap|tweak|updat|set|find|locat|add|insert|put|paste)\w*\b.{0,60}
        \b(?:lines?|values?|parts?|snippets?|constants?|variables?|rules?|propert\w+|section|block)\b
    | \b(?:instead\s+of|for\s+example|e\.g\.|such\s+as|like\s+(?:this|so)|snippet)\b
    | \bif\s+you\s+(?:want|prefer|need|would)\b | \bto\s+(?:change|customi[sz]e|adjust|tweak)\b
    | \bif\s+you'd\s+like\b | [把将改].{0,20}[改换成]""",
    re.IGNORECASE | re.VERBOSE,
)


class Verdict(Enum):
    CODE = auto()  # stays prose
    STRUCTURE = auto()  # edits or tool calls: the fence is only their wrapping
    OPEN = auto()  # cannot be said yet


type Judgement = Name | Verdict


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a block."""

    language: str  # as the info string says it
    path: str | None  # from the info string, the line above or the container
    heading: str  # the line above
    body: str
    is_closed: bool  # the block is over, or the answer is
    is_full: bool  # no more can be waited for

    @property
    def is_short(self) -> bool:
        return self.is_closed and self.body.count("\n") <= _LINES


def judge(head: Head, output: Output) -> Judgement:
    wrapped = _judge_structure(head)
    if wrapped is not None:
        return wrapped
    name = _read_name(head)
    if name:
        return _judge_named(head, name, output)
    if head.body.count("\n") < 1 and not head.is_full and not PAGE.match(head.body):
        return Verdict.OPEN  # the first line may be a name
    return _judge_unnamed(head, output)


def _read_name(head: Head) -> Name | None:
    first, newline, _ = head.body.partition("\n")
    path = head.path
    if path is None and (newline or head.is_full):
        path = read_comment(first, head.language)
    language = normal_language(head.language)
    return Name(path, language if language and language not in ANY else language_of(path)) if path else None


def _judge_structure(head: Head) -> Verdict | None:
    """Edits, with or without a path in the line above their first marker; tool calls."""
    text = head.body.lstrip()
    first, newline, below = text.partition("\n")
    if edits.is_opening(first) and (newline or head.is_full):
        return Verdict.STRUCTURE
    if head.path is None and _WRAPPED.match(text):
        return Verdict.STRUCTURE
    if head.is_full:
        return None
    second, more, _ = below.partition("\n")
    if newline and _is_path(first, head):
        if more and edits.is_opening(second):
            return Verdict.STRUCTURE
        return None if more or not edits.may_be_marker(below) else Verdict.OPEN
    may_be_call = (
        head.path is None and text[:1] == "{" and not newline and normal_language(head.language) in ("json", *ANY)
    )
    return Verdict.OPEN if (not newline and edits.may_be_marker(text)) or may_be_call else None


def _is_path(line: str, head: Head) -> bool:
    return clean_path(line.strip().strip("`*")) is not None or read_comment(line, head.language) is not None


# --------------------------------------------------------------------------------------- with a name


def _judge_named(head: Head, name: Name, output: Output) -> Judgement:
    """A file's first version is taken at once; a later one has to be more than an excerpt."""
    before = output.lengths.get(name.path, 0)
    if PAGE.match(head.body):
        return name
    is_known = before > len(head.body) or _TIP.search(head.heading) is not None
    if is_known and not head.is_full and head.body.count("\n") <= _LINES:
        return Verdict.OPEN
    is_excerpt = head.is_short and (before > 2 * len(head.body) or _TIP.search(head.heading) is not None)
    return Verdict.CODE if is_excerpt else name


# ------------------------------------------------------------------------------------ without a name


def _judge_unnamed(head: Head, output: Output) -> Judgement:
    language = normal_language(head.language)
    if language not in _PROGRAMS and (page := _judge_page(head, language)):
        return page
    if _TIP.search(head.heading) and (tip := _judge_tip(head)):
        return tip
    if language == "css" or (language in _COMPANIONS and output.page):
        return _judge_companion(head, language, output)
    if output.page is not None and language != "svg":
        return Verdict.CODE
    judgement = _judge_alone(head, language)
    is_undecided = judgement is Verdict.OPEN and (head.is_full or head.body.count("\n") >= _LINES)
    return _judge_fragment(head, language) if is_undecided else judgement


def _judge_page(head: Head, language: str) -> Judgement | None:
    if SVG.match(head.body):
        return Name("image.svg", "svg")
    if not PAGE.match(head.body) or _TEMPLATE.search(head.body):
        return None
    is_certain = language == "html" or head.is_full or head.body.count("\n") >= _LINES
    return Name("index.html", "html") if is_certain else Verdict.OPEN


def _judge_alone(head: Head, language: str) -> Judgement:
    """A component or a fragment of a page, in an answer that has no page."""
    if language == "html" and _SINGLE_FILE.match(head.body) and "setup" in head.body:
        return Name("App.vue", "vue")
    if language == "html" and _FRAGMENT.search(head.body):
        return Name("index.html", "html")
    if language in ("jsx", "tsx") and (_MODULE.search(head.body) or _COMPONENT.search(head.body)):
        return Name(f"App.{language}", language)
    if language in ("javascript", "typescript") and _REACT.search(head.body):
        return Name("App.jsx" if language == "javascript" else "App.tsx", "jsx" if language == "javascript" else "tsx")
    if language == "javascript" and _SKETCH.search(head.body):
        return Name("sketch.js", language)
    if language in ("vue", "svelte") and "<" in head.body:
        return Name(f"App.{language}", language)
    if language == "mermaid" and head.body.strip():
        return Name("diagram.mmd", language)
    is_markup = language in _MARKUP and (not head.body.strip() or head.body.lstrip().startswith("<"))
    return Verdict.OPEN if is_markup or language in ("jsx", "tsx", "javascript", "typescript") else Verdict.CODE


def _judge_fragment(head: Head, language: str) -> Judgement:
    """Much markup in a block that says that it is a page's is a page without its outermost elements."""
    is_fragment = language == "html" and head.body.lstrip().startswith("<") and not _TEMPLATE.search(head.body)
    return Name("index.html", "html") if is_fragment and not head.is_short else Verdict.CODE


def _judge_companion(head: Head, language: str, output: Output) -> Judgement:
    """A style sheet or script beside a page: called what the page calls it. Without a page it is a snippet."""
    extension, default, element = _COMPANIONS[language]
    if output.page is None:
        return Verdict.CODE
    named = [path for path in output.page.references(extension) if path not in output.beside_page]
    if named:
        return Name(named[0], language)
    has_own = element in output.page.elements or any(path.endswith(extension) for path in output.beside_page)
    return Verdict.CODE if has_own else Name(default, language)


def _judge_tip(head: Head) -> Verdict | None:
    """Below words like "change this line to", a few lines are an explanation."""
    if head.is_short:
        return Verdict.CODE
    return None if head.is_full or head.body.count("\n") > _LINES else Verdict.OPEN
