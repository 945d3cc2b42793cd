"""Tool calls that a server has left in the text, because it does not know the model's own form of them.

Three forms: Qwen3-Coder's XML, Hermes' JSON between `<tool_call>` tags, and JSON that is the whole answer, perhaps in a
fence. What merely speaks of a call is none: one in a fence or an example, in reasoning, in the value of another call,
or with text after it. A form is only taken for a call where it names a tool that there is. Values are taken as they
stand, without decoding entities: they are mostly HTML.
"""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from typing import Any

_START = re.compile(r"<tool_call>\s*(?=<function=|\{)|<function=")
_FUNCTION = re.compile(r"\s*(?:<tool_call>\s*)?<function=([\w.-]+)>")
_END = re.compile(r"\s*</function>(?:\s*</tool_call>)?\s*(?=<tool_call>|<function=|\Z)")
_PARAMETER = re.compile(r"\s*<parameter=([\w.-]+)>\n?")
_PARAMETER_TAG = re.compile(r"<parameter=[\w.-]+>|</parameter>")
_AFTER_VALUE = re.compile(r"\s*(?:<parameter=[\w.-]+>|</function>)")
_HERMES = re.compile(r"\s*<tool_call>\s*(?=\{)")
_HERMES_END = re.compile(r"\s*(?:</tool_call>\s*|\Z)(?=<tool_call>|\Z)")
_WHOLE = re.compile(r"\s*(?:```(?:json|tool_call)?[ \t]*\n(.*?)\n?```|(\{.*\}))\s*", re.DOTALL | re.IGNORECASE)
_MOST_STARTS = 8  # that a text is read from
_LONGEST_TAG = 40  # characters, with the white space around it
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class Leaked:
    """`arguments` are None where the call is cut off. The values of XML are texts, whatever the tool wants."""

    name: str
    arguments: dict[str, Any] | None


def find_leaked(text: str, names: Collection[str]) -> tuple[str, list[Leaked]]:
    """The text without its calls, and the calls. Linear in the text."""
    begin = _end_of_thought(text)
    if whole := _read_whole(text[begin:], names):
        return text[:begin], [whole]
    for match in islice(_START.finditer(text, begin), _MOST_STARTS):
        before = text[begin : match.start()]
        if not _is_quoted(before) and (calls := _read_calls(text, match.start(), names)):
            return text[: match.start()].rstrip(), calls
    return text, []


def _end_of_thought(text: str) -> int:
    if not text.lstrip().startswith("<think>"):
        return 0
    end = text.find("</think>")
    return len(text) if end < 0 else end + len("</think>")


def _is_quoted(before: str) -> bool:
    """Whether a fence or an example is open."""
    fences = len(re.findall(r"^\s*(?:```|~~~)", before, re.MULTILINE))
    return fences % 2 == 1 or before.count("<example>") > before.count("</example>") or before.endswith("`")


def _read_whole(text: str, names: Collection[str]) -> Leaked | None:
    match = _WHOLE.fullmatch(text)
    try:
        value = _DECODER.decode((match[1] or match[2] or "").strip()) if match else None
    except (ValueError, RecursionError):
        return None
    return _read_hermes(value, names)


def _read_calls(text: str, position: int, names: Collection[str]) -> list[Leaked]:
    """From here on there are only calls; empty where that is not so. The last may be cut off."""
    calls: list[Leaked] = []
    while position < len(text):
        found = _read_json_call(text, position, names) or _read_xml_call(text, position, names)
        if found is None:
            return []
        call, position = found
        calls.append(call)
    return calls


def _read_json_call(text: str, position: int, names: Collection[str]) -> tuple[Leaked, int] | None:
    begin = _HERMES.match(text, position)
    if begin is None:
        return None
    try:
        value, position = _DECODER.raw_decode(text, begin.end())
    except (ValueError, RecursionError):
        name = re.match(r'\{\s*"name"\s*:\s*"([\w.-]+)"', text[begin.end() :][:200])
        return (Leaked(name[1], None), len(text)) if name and name[1] in names else None
    end = _HERMES_END.match(text, position)
    call = _read_hermes(value, names)
    return (call, end.end()) if call and end else None


def _read_hermes(value: object, names: Collection[str]) -> Leaked | None:
    name = value.get("name") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(name, str) or name not in names:
        return None
    arguments = value.get("arguments", value.get("parameters"))
    if isinstance(arguments, str):
        try:
            arguments = _DECODER.decode(arguments)
        except (ValueError, RecursionError):
            return None
    return Leaked(name, arguments) if isinstance(arguments, dict) else None


def _read_xml_call(text: str, position: int, names: Collection[str]) -> tuple[Leaked, int] | None:
    begin = _FUNCTION.match(text, position)
    if begin is None or begin[1] not in names:
        return None
    position = begin.end()
    arguments: dict[str, Any] = {}
    while parameter := _PARAMETER.match(text, position):
        end = _find_value_end(text, parameter.end())
        if end is None:
            return Leaked(begin[1], None), len(text)
        # One line end belongs to the form, the rest to the value: indentation has a meaning.
        arguments[parameter[1]] = text[parameter.end() : end].removesuffix("\n")
        position = end + len("</parameter>")
    if finish := _END.match(text, position):
        return Leaked(begin[1], arguments), finish.end()
    return (Leaked(begin[1], None), len(text)) if _breaks_off(text, position) else None


def _find_value_end(text: str, start: int) -> int | None:
    """A value may itself hold whole parameters, such as a page that explains this form."""
    depth = 0
    for tag in _PARAMETER_TAG.finditer(text, start):
        if tag[0] != "</parameter>":
            depth += 1
        elif depth:
            depth -= 1
        elif _AFTER_VALUE.match(text, tag.end()):
            return tag.start()
        elif _breaks_off(text, tag.end()):
            return None
    return None


def _breaks_off(text: str, position: int) -> bool:
    """Whether the text ends here, or in the middle of the form's next tag."""
    rest = text[position : position + _LONGEST_TAG].strip()
    is_near = len(text) - position < _LONGEST_TAG
    return is_near and any(tag.startswith(rest) for tag in ("</function>", "<parameter=", "</tool_call>"))
