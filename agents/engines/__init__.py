"""Engines of others: programs that work at a build in our loop's stead, behind our walls.

An engine has the shape of `agents.loop.Loop`, and `choice` says which one a task wants. `qwen_code` is the Qwen Code
CLI: `finding` says whether it can work here, `cage` and `program` run it, `lines` read what it writes, a `turn` makes
events of it. It has no network: its questions to the model come to the `gate`, in the form that `wire` reads and
answers, and are asked by us, so it never has a key and cannot spend more than the build may. Checks, rounds of fixing
and the end are those of our loop.
"""
