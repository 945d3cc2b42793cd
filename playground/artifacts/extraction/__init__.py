"""Turns a model's answer, fed in chunks, into prose, reasoning, files and edits.

Pure, incremental, linear; never raises.

The text passes through four layers:

- `harmony` splits channels off, where a model writes them; `source` keeps what is not decided yet.
- `extractor` is in one `Mode` at a time: `prose`, from which the others are entered, `reasoning`, `heads` (a fence that
  has not shown what it is), `blocks` (files and code), `edit_blocks`, `calls` (tool calls in text).
- `fences`, `containers`, `names`, `candidates`, `markup`, `arguments` and `json_stream` know what the forms look like.
- `output` collects the parts and what later decisions need; `result` folds them; `companions` links files to a page.

How a text is cut into chunks never changes the result: a decision is made when a line is complete, or from the first
characters of a block; what cannot be part of a decision is passed on at once.
"""

from playground.artifacts.extraction.companions import link_companions
from playground.artifacts.extraction.edits import (
    Edit,
    EditClosed,
    EditOpened,
    ReplaceDelta,
    ReplaceOpened,
    SearchDelta,
)
from playground.artifacts.extraction.extractor import Extractor
from playground.artifacts.extraction.parts import Part, Withdrawn
from playground.artifacts.extraction.result import Extraction, Fold, collect, extract

__all__ = [
    "Edit",
    "EditClosed",
    "EditOpened",
    "Extraction",
    "Extractor",
    "Fold",
    "Part",
    "ReplaceDelta",
    "ReplaceOpened",
    "SearchDelta",
    "Withdrawn",
    "collect",
    "extract",
    "link_companions",
]
