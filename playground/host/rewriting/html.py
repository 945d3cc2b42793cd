import re
from enum import Enum, auto

from playground.host.rewriting.addresses import Addresses, ImportNames
from playground.host.rewriting.css import rewrite_css
from playground.host.rewriting.specifiers import SpecifierRewriter
from playground.host.rewriting.tags import Tag, read_tag, rewrite_tag
from playground.host.rewriting.transformer import Pipeline, Scanner, Transformer
from playground.host.rewriting.urls import UrlRewriter

LONGEST_TAG = 4096  # characters of a tag, beyond which it is passed on while it comes in
LONGEST_MAP = 65_536
_TAG_START = re.compile("</?[a-zA-Z]")
_TAG_END = re.compile(">")
_PARTIAL_MARK = re.compile("<(?:/|!-?)?\\Z")
_BLANK = re.compile(r"[\ufeff\s]+")
_DOCTYPE = re.compile(r"<!doctype(?=[\s>])[^>]{0,1000}>", re.IGNORECASE)
_OPEN_DOCTYPE = re.compile(r"<!doctype(?:\s[^>]{0,1000})?\Z", re.IGNORECASE)
_COMMENT_END = re.compile(r"--!?>")
_PARTIAL_COMMENT_END = re.compile(r"-(?:-!?)?\Z")
_LONG_TAG = {"": re.compile("[>\"']"), '"': re.compile('"'), "'": re.compile("'")}
# Elements whose content is no markup, beside <script> and <style>.
_TEXT_ONLY = frozenset({"textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"})
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in (*_TEXT_ONLY, "script", "style")}
_COMPILED = re.compile(r"text/(?:babel|jsx|tsx|typescript|ts)")  # in the browser, by a library of the page's own
_CLASSIC = re.compile(r"(?:text|application)/(?:x-)?(?:java|ecma)script|", re.IGNORECASE)


class _In(Enum):
    PROLOGUE = auto()  # before the doctype
    MARKUP = auto()
    COMMENT = auto()
    DECLARATION = auto()  # `<?…>`, `<!…>`, `</ …>`
    LONG_TAG = auto()
    RAW = auto()


class HtmlRewriter(Scanner):
    """A document: its tags, scripts and styles rewritten, and `prelude` put in right after the doctype.

    `names` collects what the document's import maps answer for. With `is_module`, scripts without a type are modules,
    as they are in a Vue file.
    """

    def __init__(
        self, addresses: Addresses, prelude: str, *, names: ImportNames | None = None, is_module: bool = False
    ) -> None:
        super().__init__()
        self.names = names or ImportNames()
        self._addresses = addresses
        self._prelude = prelude
        self._is_module = is_module
        self._state = _In.PROLOGUE
        self._raw = ""  # the element that we are in
        self._content: Transformer | None = None
        self._map: list[str] | None = None
        self._quote = ""  # that a long tag is inside of
        self._steps = {
            _In.PROLOGUE: self._step_prologue,
            _In.MARKUP: self._step_markup,
            _In.COMMENT: self._step_comment,
            _In.DECLARATION: self._step_declaration,
            _In.LONG_TAG: self._step_long_tag,
            _In.RAW: self._step_raw,
        }

    def finish(self) -> str:
        text = super().finish()
        if self._content:
            text += self._content.finish()
        return text + self._take_prelude()

    def _step(self, text: str, at: int, is_end: bool) -> int:
        return self._steps[self._state](text, at, is_end)

    # -------------------------------------------------------------------------------- before the doctype

    def _step_prologue(self, text: str, at: int, is_end: bool) -> int:
        if blank := _BLANK.match(text, at):
            return self._pass(text, at, blank.end())
        if doctype := _DOCTYPE.match(text, at):
            self._pass(text, at, doctype.end())
            self._begin()
            return doctype.end()
        start = text[at : at + len("<!doctype ")].lower()
        if start.startswith("<!--"):
            return self._open_comment(text, at)
        if start.startswith("<?"):
            return self._enter(_In.DECLARATION, text, at, at + 2)
        is_open = any(word.startswith(start) for word in ("<!--", "<!doctype", "<?")) or _OPEN_DOCTYPE.match(text, at)
        if is_open and not is_end:
            return at
        self._begin()
        return self._step_markup(text, at, is_end)

    def _begin(self) -> None:
        self._out.append(self._take_prelude())
        self._state = _In.MARKUP

    def _take_prelude(self) -> str:
        prelude, self._prelude = self._prelude, ""
        return prelude

    # -------------------------------------------------------------------------------------------- markup

    def _step_markup(self, text: str, at: int, is_end: bool) -> int:
        bracket = text.find("<", at)
        if bracket != at:
            return self._pass(text, at, bracket if bracket >= 0 else len(text))
        if _TAG_START.match(text, at):
            return self._take_tag(text, at, is_end)
        if not is_end and len(text) - at < len("<!--") and _PARTIAL_MARK.match(text, at):
            return at
        if text.startswith("<!--", at):
            return self._open_comment(text, at)
        if text.startswith(("<!", "<?", "</"), at):
            return self._enter(_In.DECLARATION, text, at, at + 2)
        return self._pass(text, at, at + 1)

    def _open_comment(self, text: str, at: int) -> int:
        """Its dashes may be those of its end: `<!-->` is a comment."""
        return self._enter(_In.COMMENT, text, at, at + 2)

    def _take_tag(self, text: str, at: int, is_end: bool) -> int:
        tag = read_tag(text, at, LONGEST_TAG)
        if tag is None:
            if len(text) - at >= LONGEST_TAG:
                return self._open_long_tag(text, at)
            return self._pass(text, at, len(text)) if is_end else self._hold(at, _TAG_END, LONGEST_TAG)
        self._out.append(rewrite_tag(tag, self._addresses))
        if not tag.is_end:
            self._open_element(tag)
        return at + len(tag.text)

    # ---------------------------------------------------------------------------- what a `>` or `-->` ends

    def _step_comment(self, text: str, at: int, is_end: bool) -> int:
        if end := _COMMENT_END.search(text, at):
            self._state = self._resume_state()
            return self._pass(text, at, end.end())
        partial = None if is_end else _PARTIAL_COMMENT_END.search(text, max(at, len(text) - 3))
        return self._pass(text, at, partial.start() if partial else len(text))

    def _step_declaration(self, text: str, at: int, is_end: bool) -> int:
        end = text.find(">", at) + 1
        self._state = self._resume_state() if end else self._state
        return self._pass(text, at, end or len(text))

    def _resume_state(self) -> _In:
        return _In.PROLOGUE if self._prelude else _In.MARKUP

    def _open_long_tag(self, text: str, at: int) -> int:
        """A tag with, say, a picture in it: no need to see it whole."""
        name = re.match(r"</?([a-zA-Z]+)", text[at : at + 32])
        self._raw = name[1].lower() if name and text[at + 1] != "/" else ""
        self._content = UrlRewriter(self._addresses, relative_after="\"'(", before='"')
        self._quote = ""
        self._state = _In.LONG_TAG
        return self._step_long_tag(text, at, is_end=False)

    def _step_long_tag(self, text: str, at: int, is_end: bool) -> int:
        assert self._content
        mark = _LONG_TAG[self._quote].search(text, at)
        end = mark.end() if mark else len(text)
        self._out.append(self._content.feed(text[at:end]))
        if mark and mark[0] == ">":
            self._close_content()
            self._state = _In.MARKUP
            self._open_element(Tag("", self._raw))
        elif mark:
            self._quote = "" if self._quote else mark[0]
        return end

    # ----------------------------------------------------------------------------- elements of raw text

    def _open_element(self, tag: Tag) -> None:
        if tag.name not in _RAW_END:
            return
        self._state = _In.RAW
        self._raw = tag.name
        if tag.name == "style":
            self._content = rewrite_css(self._addresses)
        elif tag.name == "script":
            self._content = self._open_script(tag)

    def _open_script(self, tag: Tag) -> Transformer:
        kind = (tag.get("type") or "").strip().lower()
        if kind == "importmap":
            self._map = []
        urls = UrlRewriter(self._addresses)
        is_module = kind == "module" or bool(_COMPILED.fullmatch(kind)) or (not kind and self._is_module)
        if not is_module and not _CLASSIC.fullmatch(kind):
            return urls
        return Pipeline(urls, SpecifierRewriter(self._addresses, self.names, is_module=is_module))

    def _step_raw(self, text: str, at: int, is_end: bool) -> int:
        end = _RAW_END[self._raw].search(text, at)
        stop = end.start() if end else len(text) if is_end else self._settled(text, at)
        if stop > at:
            self._take_content(text[at:stop])
        if end:
            self._close_content()
            self._state = _In.MARKUP
            return self._pass(text, stop, stop + 1 + len("/") + len(self._raw))
        return stop

    def _settled(self, text: str, at: int) -> int:
        """Up to where the end tag may have begun."""
        closing = f"</{self._raw}"
        start = text.rfind("<", max(at, len(text) - len(closing)))
        return start if start >= 0 and closing.startswith(text[start:].lower()) else len(text)

    def _take_content(self, content: str) -> None:
        if self._map is not None and sum(map(len, self._map)) < LONGEST_MAP:
            self._map.append(content)
        self._out.append(self._content.feed(content) if self._content else content)

    def _close_content(self) -> None:
        if self._content:
            self._out.append(self._content.finish())
            self._content = None
        if self._map is not None:
            self.names.read_map("".join(self._map)[:LONGEST_MAP])
            self._map = None

    # ------------------------------------------------------------------------------------------ the rest

    def _enter(self, state: _In, text: str, at: int, end: int) -> int:
        self._state = state
        return self._pass(text, at, end)

    def _pass(self, text: str, at: int, end: int) -> int:
        self._out.append(text[at:end])
        return end
