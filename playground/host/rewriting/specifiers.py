import re
from enum import Enum, auto

from playground.host.rewriting.addresses import Addresses, ImportNames
from playground.host.rewriting.transformer import Scanner

LONGEST = 512  # characters of a specifier
_TAIL = 16
_TOKEN = re.compile(r"[\"'`/]|(?:import|export)(?![\w$])")
_TOKEN_OR_BRACE = re.compile(r"[\"'`/{}]|(?:import|export)(?![\w$])")
_PARTIAL_KEYWORD = re.compile(r"(?:i(?:m(?:p(?:or?)?)?)?|e(?:x(?:p(?:or?)?)?)?)\Z")
_CLAUSE = re.compile(r"[\w$\s{},*]*")
_FROM = re.compile(r"(?:^|[^\w$.])from ?\Z")
_SPACE = re.compile(r"\s+")
# After one of these words, or a sign that is no end of a value, a slash begins a regular expression.
_WORDS = "return|typeof|case|in|of|delete|void|throw|new|else|do|instanceof|yield|await"
_BEFORE_REGEX = re.compile(rf"(?:^|[^\w\s$)\]}}\"'`.]|(?:^|[^\w$.])(?:{_WORDS})) ?\Z")
_STRING = {quote: re.compile(rf"(?:[^{quote}\\\n]++|\\.)*+", re.DOTALL) for quote in "\"'"}
_SPECIFIER = {quote: re.compile(rf"{quote}([^{quote}\\\n]{{1,{LONGEST}}}){quote}") for quote in "\"'"}
_SPECIFIER_END = re.compile(r"[\"'\\\n]")
_TEMPLATE = re.compile(r"(?:[^`\\$]++|\\.|\$(?=[^{]))*+", re.DOTALL)
_REGEX = re.compile(r"(?:[^/\\\n\[]++|\\.)*+")
_CLASS = re.compile(r"(?:[^\]\\\n]++|\\.)*+")


class _In(Enum):
    CODE = auto()
    STRING = auto()
    TEMPLATE = auto()
    REGEX = auto()
    CLASS = auto()  # of a regular expression
    LINE = auto()
    BLOCK = auto()


class _Clause(Enum):
    """Between a keyword and the string that may be its specifier."""

    IMPORT = auto()  # nothing yet
    CALL = auto()  # an opening bracket
    NAMES = auto()


class SpecifierRewriter(Scanner):
    """Puts the shelf's address in the place of each bare specifier of an import or export.

    A lexer that tells code from strings, templates, regular expressions and comments. Where it errs (JSX text, a
    regular expression after a bracket), it is right again at the line's end. In a classic script only `import("x")`
    is an import.
    """

    def __init__(self, addresses: Addresses, names: ImportNames, *, is_module: bool) -> None:
        super().__init__()
        self._addresses = addresses
        self._names = names
        self._is_module = is_module
        self._state = _In.CODE
        self._quote = ""
        self._braces: list[int] = []  # open in each `${` that we are in
        self._clause: _Clause | None = None
        self._tail = ""  # the end of the code so far, without comments, each gap one space

    def _step(self, text: str, at: int, is_end: bool) -> int:
        match self._state:
            case _In.CODE:
                return self._step_code(text, at, is_end)
            case _In.STRING:
                return self._step_string(text, at, is_end)
            case _In.TEMPLATE:
                return self._step_template(text, at, is_end)
            case _In.LINE:
                return self._step_comment(text, at, "\n", is_end)
            case _In.BLOCK:
                return self._step_comment(text, at, "*/", is_end)
            case _:
                return self._step_regex(text, at, is_end)

    # ------------------------------------------------------------------------------------------ code

    def _step_code(self, text: str, at: int, is_end: bool) -> int:
        token = (_TOKEN_OR_BRACE if self._braces else _TOKEN).search(text, at)
        stop = token.start() if token else len(text)
        if not token and not is_end:
            partial = _PARTIAL_KEYWORD.search(text, max(at, len(text) - len("import")))
            stop = partial.start() if partial else stop
        if stop > at:
            self._pass_code(text[at:stop])
            return stop
        return self._take_token(token[0], text, at, is_end) if token else at

    def _take_token(self, token: str, text: str, at: int, is_end: bool) -> int:
        after = at + len(token)
        if after == len(text) and not is_end and (token == "/" or len(token) > 1):
            return at
        if len(token) > 1:
            return self._take_keyword(token, after)
        if token == "/":
            return self._take_slash(text, at)
        if token in "{}":
            return self._take_brace(token, after)
        if token == "`":
            return self._enter(_In.TEMPLATE, token, after)
        return self._take_quote(token, text, at, is_end)

    def _take_keyword(self, word: str, after: int) -> int:
        last = self._tail[-1:]
        is_part = last.isalnum() or (bool(last) and last in "_$.#")
        self._pass_code(word)
        if not is_part:
            self._clause = _Clause.IMPORT if word == "import" else _Clause.NAMES if self._is_module else None
        return after

    def _take_slash(self, text: str, at: int) -> int:
        pair = text[at : at + 2]
        if pair in ("//", "/*"):
            self._out.append(pair)
            self._state = _In.LINE if pair == "//" else _In.BLOCK
            return at + 2
        if _BEFORE_REGEX.search(self._tail):
            return self._enter(_In.REGEX, "/", at + 1)
        self._pass_code("/")
        return at + 1

    def _take_brace(self, brace: str, after: int) -> int:
        """Braces are counted inside a template's `${…}` only."""
        if brace == "}" and not self._braces[-1]:
            self._braces.pop()
            return self._enter(_In.TEMPLATE, brace, after)
        self._braces[-1] += 1 if brace == "{" else -1
        self._pass_code(brace)
        return after

    def _take_quote(self, quote: str, text: str, at: int, is_end: bool) -> int:
        if self._expects_specifier():
            if found := _SPECIFIER[quote].match(text, at):
                self._pass_specifier(quote, found[1])
                return found.end()
            is_open = len(text) - at < LONGEST + 2 and not _SPECIFIER_END.search(text, at + 1)
            if is_open and not is_end:
                return self._hold(at, _SPECIFIER_END, LONGEST + 2)
        self._quote = quote
        return self._enter(_In.STRING, quote, at + 1)

    def _pass_specifier(self, quote: str, specifier: str) -> None:
        found = None if self._names.cover(specifier) else self._addresses.find_specifier(specifier)
        self._out.append(f"{quote}{found or specifier}{quote}")
        self._clause = None
        self._remember(quote)

    def _expects_specifier(self) -> bool:
        match self._clause:
            case _Clause.IMPORT:
                return self._is_module
            case _Clause.NAMES:
                return _FROM.search(self._tail) is not None
            case clause:
                return clause is _Clause.CALL

    def _pass_code(self, code: str) -> None:
        self._out.append(code)
        if self._clause:
            self._clause = self._follow(self._clause, code)
        self._remember(code)

    def _follow(self, clause: _Clause, code: str) -> _Clause | None:
        """What is left of the clause after some more code."""
        stripped = code.strip()
        if not stripped:
            return clause
        if clause is _Clause.IMPORT and stripped[0] == "(":
            return _Clause.CALL if stripped == "(" else None
        is_names = self._is_module and clause is not _Clause.CALL and _CLAUSE.fullmatch(code)
        return _Clause.NAMES if is_names else None

    def _remember(self, code: str) -> None:
        self._tail = _SPACE.sub(" ", self._tail + code)[-_TAIL:]

    # ------------------------------------------------------------------------------------- no code

    def _enter(self, state: _In, opening: str, after: int) -> int:
        self._out.append(opening)
        self._clause = None
        self._state = state
        return after

    def _leave(self, closing: str, after: int) -> int:
        """Back to code. What has ended there was a value."""
        self._out.append(closing)
        self._state = _In.CODE
        self._remember('"')
        return after

    def _step_string(self, text: str, at: int, is_end: bool) -> int:
        end = self._pass(_STRING[self._quote], text, at)
        if end == len(text):
            return end
        if text[end] == "\n":  # never closed
            return self._pass_line_end(text, end)
        if text[end] == self._quote:
            return self._leave(self._quote, end + 1)
        return self._pass_one(text, end) if is_end else end

    def _step_template(self, text: str, at: int, is_end: bool) -> int:
        end = self._pass(_TEMPLATE, text, at)
        if end == len(text):
            return end
        if text[end] == "`":
            return self._leave("`", end + 1)
        if text.startswith("${", end):
            self._braces.append(0)
            self._tail = ""
            return self._enter(_In.CODE, "${", end + 2)
        return self._pass_one(text, end) if is_end else end

    def _step_regex(self, text: str, at: int, is_end: bool) -> int:
        end = self._pass(_CLASS if self._state is _In.CLASS else _REGEX, text, at)
        if end == len(text):
            return end
        match text[end]:
            case "\\":
                return self._pass_backslash(text, end, is_end)
            case "\n":
                return self._pass_line_end(text, end)
            case "[":
                self._state = _In.CLASS
            case "]":
                self._state = _In.REGEX
            case _:
                return self._leave("/", end + 1)
        return self._pass_one(text, end)

    def _pass_line_end(self, text: str, at: int) -> int:
        self._state = _In.CODE
        self._remember("\n")
        return self._pass_one(text, at)

    def _pass_backslash(self, text: str, at: int, is_end: bool) -> int:
        """At the end of what is there; or before a line's end, which nothing escapes here."""
        if at + 1 < len(text):
            self._state = _In.CODE
        return self._pass_one(text, at) if is_end or at + 1 < len(text) else at

    def _step_comment(self, text: str, at: int, closing: str, is_end: bool) -> int:
        end = text.find(closing, at)
        if end >= 0:
            self._out.append(text[at : end + len(closing)])
            self._state = _In.CODE
            self._remember(" ")
            return end + len(closing)
        stop = len(text) - (closing == "*/" and text.endswith("*") and not is_end)
        self._out.append(text[at:stop])
        return stop

    def _pass(self, pattern: re.Pattern[str], text: str, at: int) -> int:
        found = pattern.match(text, at)
        assert found
        self._out.append(found[0])
        return found.end()

    def _pass_one(self, text: str, at: int) -> int:
        self._out.append(text[at])
        return at + 1
