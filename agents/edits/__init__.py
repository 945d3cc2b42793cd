"""SEARCH/REPLACE edits of a text: finding the place that is meant, replacing it, and writing a change as edits.

- `places`: where in a text a SEARCH text stands, from exact to tolerant; never a guess between two places.
- `differences`: a change from one text to another as edits that find their places.
"""

from agents.edits.differences import Edit, find_edits
from agents.edits.places import Missing, Place, apply_edit, find_place

__all__ = ["Edit", "Missing", "Place", "apply_edit", "find_edits", "find_place"]
