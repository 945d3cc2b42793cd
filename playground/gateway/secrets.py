"""Endpoint keys, encrypted at rest with a key derived from SECRET_KEY: whoever changes that enters them anew."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def encrypt(plain: str) -> str:
    return _fernet().encrypt(plain.encode()).decode() if plain else ""


def decrypt(secret: str) -> str:
    """Empty where it cannot be read any more."""
    try:
        return _fernet().decrypt(secret.encode()).decode() if secret else ""
    except InvalidToken:
        return ""


def _fernet() -> Fernet:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"playground endpoint keys")
    return Fernet(base64.urlsafe_b64encode(derivation.derive(settings.SECRET_KEY.encode())))
