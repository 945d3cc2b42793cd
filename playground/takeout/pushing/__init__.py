"""A version pushed to another service with the person's own token, which is used for that one request and never kept.

Neither GitHub Pages nor a static Space has our shelf, so what is pushed is the sources as they are, and beside them the
self-contained page as `index.html`, which works there as it does from disk. The sources have a folder of their own, as
they mostly have an `index.html`, too; so no name is taken twice, and what a person adds beside them stays.
"""
