"""Backups: a consistent copy of the database and all artifact files, with a manifest of their hashes.

A folder, or one tar file that is written and read as a stream. Made while the playground runs: the database is copied
first, and the files that it then refers to are there already, for they are never changed and dropped only when they
have been out of use for long.

    manifest.json                              format, database engine, migrations, size and SHA-256 of each file
    database.sqlite3 | database.dump           SQLite's own copy, or pg_dump's archive
    secret_key                                 where it was made by us: without it, endpoint keys cannot be read
    artifacts/<name>                           each named by the SHA-256 of its content
"""
