"""A version pushed to another service with the person's own token, which is used for that one request and never kept.

Neither GitHub Pages nor a static Space has our shelf, so what is pushed is the sources as they are, and beside them the
self-contained page as `index.html`, which works there as it does from disk. Where the sources have an `index.html` of
their own, it is kept as `sources/…` with the rest: one place for all of them, and no name is taken twice.
"""
