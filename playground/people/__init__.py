"""A person's own pages: the public one at `/u/<handle>`, the settings, the export of their data, the end of an account.

It stands above the applications whose rows it takes along or takes away.
"""
