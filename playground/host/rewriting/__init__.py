"""Pages as models write them, made to run from the artifact host: pure, incremental transformations of text.

Each transformer takes text by `feed` and gives back what is settled; `finish` gives the rest. Any chunking gives the
same text as the whole at once. `addresses` says what an address of a CDN becomes, `urls` finds them in any text,
`specifiers` finds the bare imports of JavaScript, `html` goes through a document's tags, scripts and styles.
"""

from playground.host.rewriting.addresses import Addresses, ImportNames
from playground.host.rewriting.css import rewrite_css
from playground.host.rewriting.html import HtmlRewriter
from playground.host.rewriting.specifiers import SpecifierRewriter
from playground.host.rewriting.transformer import Pipeline, Transformer
from playground.host.rewriting.urls import UrlRewriter

__all__ = ["Addresses", "HtmlRewriter", "ImportNames", "Pipeline", "Transformer", "rewrite_css", "rewrite_javascript"]


def rewrite_javascript(addresses: Addresses, names: ImportNames, *, is_module: bool) -> Pipeline:
    """`names` are those that the page's own import map answers for."""
    return Pipeline(UrlRewriter(addresses), SpecifierRewriter(addresses, names, is_module=is_module))
