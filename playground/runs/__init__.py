"""Runs: one noun, one log.

A run appends numbered events to its log (`log`, a Redis stream; `checkpoints`, its copy in the database) and ends in a
version of an artifact. `generation` produces; everybody else follows (`following`): the tab that started it, a second
tab, the live preview, a script, a replay. `services` holds the verbs that views and consumers call.
"""
