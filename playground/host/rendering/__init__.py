"""How each kind of file is shown: one small renderer per kind, which writes a page as a model would write it.

The page then goes through the rewriter like any other, so a renderer names its libraries by their CDN's address or by
a bare import. `kinds` knows which renderer is whose, `rendering` puts renderer and rewriter together, for a file that
is there and for one that is being written.
"""

from playground.host.rendering.kinds import has_page
from playground.host.rendering.rendering import Context, Rendering, content_type, is_module, open_rendering
from playground.host.rendering.requests import Use, find_path, use_of

__all__ = [
    "Context",
    "Rendering",
    "Use",
    "content_type",
    "find_path",
    "has_page",
    "is_module",
    "open_rendering",
    "use_of",
]
