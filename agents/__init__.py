"""Talking to models, looking at pages, and letting models build them: a library without any framework.

`llm` asks models, `browser` checks pages, `edits` finds where an edit belongs. A build is a `task` that a `loop` works
at for a `host`, whose journal of `events` is all that there is to know; docs/agents.md is its map.
"""
