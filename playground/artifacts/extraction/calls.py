"""Tool calls that a model writes into its text, as XML (Qwen3-Coder) or JSON (Hermes)."""

import re
from dataclasses import dataclass

from playground.artifacts.extraction.arguments import Arguments
from playground.artifacts.extraction.json_stream import JsonStream
from playground.artifacts.extraction.modes import Mode, Move, Next
from playground.artifacts.extraction.output import Output
from playground.artifacts.extraction.source import Source, held_back

_LONGEST_OPENING = 300
_LONGEST_RAW = 4_000  # characters of a call that may be held back until it shows that it brings a file

_XML = re.compile(r"(?:<tool_call>\s*)?(?=<function=[\w.:-]{1,80}>)")
_JSON = re.compile(
    r'<tool_call>\s*(?=\{)|(?=\{\s*"name"\s*:\s*"[^"\n]{0,80}"\s*,\s*"(?:arguments|parameters|input)"\s*:)'
)
_XML_BEGINNING = re.compile(
    r"(?:<tool_call>\s*)?(?:<(?:f(?:u(?:n(?:c(?:t(?:i(?:o(?:n(?:=[\w.:-]{0,80})?)?)?)?)?)?)?)?)?)?"
)
_JSON_BEGINNING = re.compile(
    r"""\{\s*(?:"(?:n(?:a(?:m(?:e(?:"\s*(?::\s*(?:"[^"\n]{0,80}(?:"\s*(?:,\s*(?:"(?:[a-z]{0,10}(?:"\s*)?)?)?)?)?)?)?)?)?)?)?)?)?"""
)


@dataclass(frozen=True, slots=True)
class Opening:
    text: str
    is_xml: bool

    def call(self) -> Mode:
        return XmlCall(self.text) if self.is_xml else JsonCall(self.text)


def read_opening(start: str) -> Opening | None:
    if match := _XML.match(start):
        return Opening(match[0], is_xml=True)
    match = _JSON.match(start)
    return Opening(match[0], is_xml=False) if match else None


def may_open(start: str) -> bool:
    if len(start) > _LONGEST_OPENING or start[:1] not in ("<", "{"):
        return False
    return (
        "<tool_call>".startswith(start)
        or _XML_BEGINNING.fullmatch(start) is not None
        or _JSON_BEGINNING.fullmatch(start) is not None
    )


class _Call(Mode):
    def __init__(self, opening: str) -> None:
        self._raw = opening  # what goes to the prose if the call brings no file
        self._arguments = Arguments()

    def close(self, output: Output) -> None:
        self._finish(output, complete=False)

    def _finish(self, output: Output, *, complete: bool) -> None:
        self._arguments.finish(output, complete=complete)
        self._tell(output)

    def _keep(self, text: str, output: Output) -> None:
        """Remember what may have to become prose; a call that is long and brings nothing is prose as it comes."""
        if self._arguments.is_useful:
            self._raw = ""
            return
        self._raw += text
        if len(self._raw) > _LONGEST_RAW:
            self._tell(output)

    def _tell(self, output: Output) -> None:
        if not self._arguments.is_useful:
            output.add_prose(self._raw)
        self._raw = ""


_XML_TAG = re.compile(
    r"<parameter=([\w.-]{1,80})>\n?|</function>(?:\s*</tool_call>)?|</tool_call>|<function=[^<>\n]{1,80}>|[^<]+|<"
)
_XML_TOKENS = ("</function>", "</tool_call>", "<parameter=", "<function=")
_VALUE_END = re.compile(r"\n?</parameter>")
_VALUE_TOKENS = ("\n</parameter>", "</parameter>")


class XmlCall(_Call):
    """`<function=write_file><parameter=path>…</parameter>…</function>`; one line break on each side of a value goes."""

    def __init__(self, opening: str) -> None:
        super().__init__(opening)
        self._is_in_value = False

    def step(self, source: Source, output: Output) -> Next:
        return self._step_value(source, output) if self._is_in_value else self._step_tag(source, output)

    def _step_tag(self, source: Source, output: Output) -> Next:
        if not source.is_end and _is_unfinished_tag(source.rest):
            return Move.WAIT
        tag = _XML_TAG.match(source.rest)
        assert tag
        source.skip(tag.end())
        self._keep(tag[0], output)
        if tag[1]:
            self._is_in_value = True
            self._arguments.begin(tag[1], output)
        elif tag[0].startswith("</"):
            self._finish(output, complete=True)
            return Move.BACK
        return Move.STAY

    def _step_value(self, source: Source, output: Output) -> Next:
        end = _VALUE_END.search(source.rest)
        if end:
            self._add(source.rest[: end.start()], output)
            source.skip(end.end())
            self._keep(end[0], output)
            self._arguments.end(output)
            self._is_in_value = False
            return Move.STAY
        held = 0 if source.is_end else held_back(source.rest, *_VALUE_TOKENS)
        self._add(source.take(len(source.rest) - held), output)
        return Move.WAIT

    def _add(self, text: str, output: Output) -> None:
        if text:
            self._arguments.add(text, output)
            self._keep(text, output)


def _is_unfinished_tag(rest: str) -> bool:
    if rest.startswith("<parameter=") or rest.startswith("<function="):
        return len(rest) < 100 and (">" not in rest or rest.endswith(">"))
    if rest.startswith("</function>"):
        return not rest[len("</function>") :].strip() or "</tool_call>".startswith(rest[len("</function>") :].lstrip())
    return any(token.startswith(rest) for token in _XML_TOKENS)


class JsonCall(_Call):
    """`{"name": …, "arguments": {"path": …, "content": …}}`, its strings unescaped as they come."""

    def __init__(self, opening: str) -> None:
        super().__init__(opening)
        self._stream = JsonStream()

    def step(self, source: Source, output: Output) -> Next:
        used = self._stream.feed(source.rest)
        text = source.rest[:used]
        source.skip(used)
        for token in self._stream.drain():
            self._read(token, output)
        self._keep(text, output)
        if self._stream.is_done:
            self._finish(output, complete=True)
            return Move.BACK
        return Move.WAIT

    def _read(self, token: tuple[str, str], output: Output) -> None:
        kind, text = token
        match kind:
            case "begin":
                self._arguments.begin(text, output)
            case "text":
                self._arguments.add(text, output)
            case _:
                self._arguments.end(output)
