"""The check of each version: opened in a browser without network, judged by gates, and kept with its evidence.

`serving` answers the browser with the artifact host's own code, `services` decides when and whether a check runs,
`tasks` runs it, `wording` says its outcome to people.
"""
