"""The artifact origin: untrusted pages, each on a host of its own. No cookies, no session, no app routes.

`middleware` answers for these hosts before anything of the app runs. `versions` serves what is saved, `preview` a run's
files while they are being written, `headers` holds what confines them.
"""
