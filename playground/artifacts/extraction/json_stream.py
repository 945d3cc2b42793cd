"""The strings of a JSON text, with the keys that they stand under, as they come. Forgiving: models write raw breaks."""

import re

_PLAIN = re.compile(r'[^"\\]+')
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_DEEPEST = 50
_LONGEST_KEY = 200
_NESTED = ("arguments", "parameters", "input")  # may be a JSON text inside a string


class JsonStream:
    def __init__(self) -> None:
        self.is_done = False
        self._tokens: list[tuple[str, str]] = []
        self._stack: list[str] = []
        self._is_in_string = False
        self._is_key = False  # the next string in an object is a key
        self._key = ""
        self._escape = ""  # an escape that is not whole yet
        self._high = ""  # the first half of a surrogate pair
        self._nested: JsonStream | None = None

    def drain(self) -> list[tuple[str, str]]:
        """("begin", key), ("text", …), ("end", "") for each string value."""
        tokens, self._tokens = self._tokens, []
        return tokens

    def feed(self, text: str) -> int:
        """How much of `text` was read: all, or up to the end of the JSON text."""
        at = 0
        while at < len(text) and not self.is_done:
            at = self._read_string(text, at) if self._is_in_string else self._read_structure(text, at)
        return at

    # ------------------------------------------------------------------------------------ structure

    def _read_structure(self, text: str, at: int) -> int:
        char = text[at]
        if char == '"':
            self._begin_string()
        elif char in "{[":
            self._stack.append(char)
            self._is_key = char == "{"
        elif char in "}]":
            self._stack = self._stack[:-1]
            self._is_key = False
        elif char == ",":
            self._is_key = self._stack[-1:] == ["{"]
        self.is_done = not self._stack or len(self._stack) > _DEEPEST
        return at + 1

    def _begin_string(self) -> None:
        self._is_in_string = True
        if self._is_key:
            self._key = ""
        elif self._key in _NESTED:
            self._nested = JsonStream()
        else:
            self._tokens.append(("begin", self._key))

    def _end_string(self) -> None:
        self._add(self._take_high())
        self._is_in_string = False
        if self._is_key:
            self._is_key = False
        elif self._nested:
            self._nested = None
        else:
            self._tokens.append(("end", ""))

    # -------------------------------------------------------------------------------------- strings

    def _read_string(self, text: str, at: int) -> int:
        if self._escape:
            return self._read_escape(text, at)
        if plain := _PLAIN.match(text, at):
            self._add(self._take_high() + plain[0])
            return plain.end()
        if text[at] == "\\":
            self._escape = "\\"
        else:
            self._end_string()
        return at + 1

    def _read_escape(self, text: str, at: int) -> int:
        self._escape += text[at]
        if self._escape[1] != "u":
            self._add(self._take_high() + _ESCAPES.get(self._escape[1], self._escape[1]))
        elif len(self._escape) < 6:
            return at + 1
        else:
            self._add_code(self._escape[2:])
        self._escape = ""
        return at + 1

    def _add_code(self, digits: str) -> None:
        """Halves of a pair are joined; a half alone could not be encoded."""
        code = int(digits, 16) if re.fullmatch(r"[0-9a-fA-F]{4}", digits) else 0xFFFD
        if 0xDC00 <= code < 0xE000 and self._high:
            high, self._high = ord(self._high), ""
            self._add(chr(0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)))
            return
        self._add(self._take_high())
        if 0xD800 <= code < 0xDC00:
            self._high = chr(code)
        else:
            self._add("\ufffd" if 0xDC00 <= code < 0xE000 else chr(code))

    def _take_high(self) -> str:
        high, self._high = self._high, ""
        return "\ufffd" if high else ""

    def _add(self, text: str) -> None:
        if not text:
            return
        if self._is_key:
            self._key = (self._key + text)[:_LONGEST_KEY]
        elif self._nested:
            self._nested.feed(text)
            self._tokens += self._nested.drain()
        else:
            self._tokens.append(("text", text))
