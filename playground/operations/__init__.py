"""What the people who run a playground need: readiness, metrics, backups, retention, the pages about usage.

Reads everything below, and nothing below knows of it.
"""
