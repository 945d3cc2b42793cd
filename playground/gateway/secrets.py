"""Endpoint keys. Those that an admin enters are encrypted at rest with a key derived from SECRET_KEY: whoever changes
that enters them anew. Those of the environment stay there.
"""

import base64
from urllib.parse import urlsplit

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


def environment_key(base_url: str) -> str:
    """The environment's key for this address. DashScope's goes nowhere else."""
    if settings.OPENAI_API_KEY:
        return str(settings.OPENAI_API_KEY)
    return str(settings.DASHSCOPE_API_KEY) if is_dashscope(base_url) else ""


def is_dashscope(base_url: str) -> bool:
    """In any of its regions: dashscope.aliyuncs.com, dashscope-intl.aliyuncs.com, …"""
    host = urlsplit(base_url).hostname or ""
    return host.startswith("dashscope") and host.endswith(".aliyuncs.com")


def _fernet() -> Fernet:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"playground endpoint keys")
    return Fernet(base64.urlsafe_b64encode(derivation.derive(settings.SECRET_KEY.encode())))
