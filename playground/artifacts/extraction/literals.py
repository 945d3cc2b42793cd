import re

_QUOTED = re.compile(r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/""")
_TICK = re.compile(r"(?<!\\)(?:\\\\)*`")
_LONGEST = 10_000  # characters of a line that are looked at


class TemplateLiterals:
    """Whether a script's text stops inside a template literal, where a bare fence is its own text.

    Reads whole lines, so that chunks make no difference. Quoted texts and comments are passed over; a regular
    expression with a lone backtick is taken for a literal's beginning or end.
    """

    def __init__(self) -> None:
        self.is_open = False
        self._line = ""

    def feed(self, text: str, *, is_script: bool) -> None:
        """`is_script`: whether the text's end is script at all. Takes a line, or a part of one."""
        self._line += text[: _LONGEST - len(self._line)]
        if text.endswith("\n"):
            line, self._line = self._line, ""
            self.is_open = is_script and self._read(line)

    def _read(self, line: str) -> bool:
        if "`" not in line or line.lstrip().startswith("```"):
            return self.is_open
        code = line if self.is_open else _QUOTED.sub("", line)
        return self.is_open ^ bool(len(_TICK.findall(code)) % 2)
