"""Builds: runs in which an agent makes a page over many steps, on workers that come and go.

The database owns a build: who holds its run's lease may write (`leases`), and what has happened stands in its journal
(`models.Entry`), from which anybody can go on. A Celery message is only a wake-up (`tasks`): a worker claims the build
whose turn it is, works at it for a slice (`working`, with a `host` for the loop in `agents`), and lets go of it.

`services` are the verbs of people, `telling` says in the run's log what the journal records, `publishing` makes the
version, `presenting` and `evidence` say how a build stands.
"""
