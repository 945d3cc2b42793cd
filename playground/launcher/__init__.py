"""`make run`: installs what is missing (`setup`), then starts and watches the processes of a playground (`__main__`).

A playground on one machine is five processes: the launcher, Valkey, the Demo reel, a Celery worker and Daphne. Each
child has a process group of its own and ends with the launcher, however that ends.
"""
