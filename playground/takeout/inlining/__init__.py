"""A version as one HTML file: tags, styles and modules get what they name put into them; the rest is in a store.

`markup` goes through the page's tags, `styles` through stylesheets, `modules` collects the graph of ECMAScript modules,
`store` keeps what scripts may ask for while they run, and `document` puts it all together. A module has one name in
an import map, so that each has one instance and cycles work as they do on a server; `scripts/boot.js` sets that map up
before anything runs.
"""

from playground.takeout.inlining.document import Takeaway, make_document

__all__ = ["Takeaway", "make_document"]
