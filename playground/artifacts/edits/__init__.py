"""Edits of files while an answer streams, and changes that meet. Pure. Where an edit belongs is said in `agents.edits`.

- `editor`: applies the edit blocks of an answer as they stream.
- `reading`: a file's text as a log tells it.
- `merging`: two changes of the same text as one, with the places where they meet.
"""

from playground.artifacts.edits.merging import Conflict, merge_texts

__all__ = ["Conflict", "merge_texts"]
