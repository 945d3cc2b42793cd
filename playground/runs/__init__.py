"""Runs: one noun, one log.

A run appends numbered events to its log (`log`, a Redis stream; `checkpoints`, its copy in the database) and ends in a
version of an artifact. `generation` produces; everybody else follows (`following`): the tab that started it, a second
tab, the live preview, a script, a replay. In a conversation one answer is written at a time, the next wishes wait
(`queue`); others may watch or write along by a link (`sharing`) and are told what changes (`together`). `services`
holds the verbs that views and consumers call.
"""
