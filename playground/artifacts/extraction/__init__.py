"""Turns a model's answer, fed in chunks, into prose and files. Pure, incremental, linear; never raises.

- `extractor`: the state machine, line by line: prose, code in prose, a file, reasoning.
- `names`: what a fenced block is called: from its info string, the line above, its first line, or its language.
- `markup`: how far a page has come: whether a fence may close it, and where it ends.

How a text is cut into chunks never changes the result: a decision is made when a line is complete, or from the first
`HEAD` characters of a block; what cannot be part of a decision is passed on at once.
"""

from playground.artifacts.extraction.extractor import Extractor, Part
from playground.artifacts.extraction.result import Extraction, collect, extract

__all__ = ["Extraction", "Extractor", "Part", "collect", "extract"]
