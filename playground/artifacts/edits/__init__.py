"""SEARCH/REPLACE edits of files: finding the place that is meant, replacing it, and writing a change as edits. Pure.

- `places`: where in a text a SEARCH text stands, from exact to tolerant; never a guess between two places.
- `editor`: applies the edit blocks of an answer as they stream.
- `differences`: a change from one text to another as edits that find their places.
- `merging`: two changes of the same text as one, with the places where they meet.
"""

from playground.artifacts.edits.differences import Edit, find_edits
from playground.artifacts.edits.merging import Conflict, merge_texts
from playground.artifacts.edits.places import Missing, Place, apply_edit, find_place

__all__ = ["Conflict", "Edit", "Missing", "Place", "apply_edit", "find_edits", "find_place", "merge_texts"]
