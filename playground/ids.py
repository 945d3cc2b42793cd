"""Public identifiers: short, unguessable, and usable as a DNS label (an artifact's id is its host name)."""

import secrets

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
LENGTH = 16  # 80 bits


def new_id() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
