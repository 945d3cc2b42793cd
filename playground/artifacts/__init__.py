"""What models make: artifacts and their immutable, numbered versions.

`services.add_version` is the only writer. Files are content-addressed blobs (`blobs`), shared between versions.
`extraction` turns a model's answer into files; it is pure. Nothing here knows how an artifact came about.
"""
