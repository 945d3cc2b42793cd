"""Whose host is it: the app's or the artifacts'? Every host name belongs to exactly one of them."""

from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port


class Place(NamedTuple):
    """What an artifact host is asked for. An empty `label` is nobody's."""

    label: str
    path: str  # begins with a slash


def is_artifact_host(host: str) -> bool:
    """`host` is a Host header that Django has let pass: spelling, a dot at the end and the port may vary."""
    name, port = split_domain_port(host)
    own, own_port = split_domain_port(settings.ARTIFACT_HOST)
    if name not in _app_hosts():
        return name == own or (settings.ARTIFACT_WILDCARD and name.endswith(f".{own}"))
    # One name for both: the port tells them apart.
    return not settings.ARTIFACT_WILDCARD and name == own and _number(port) == _number(own_port) != _app_port()


def locate(host: str, path: str) -> Place:
    """The label and the path below it, for the Host header and the path of a request to an artifact host."""
    if not settings.ARTIFACT_WILDCARD:
        label, _slash, rest = path.removeprefix("/").partition("/")
        return Place(label, f"/{rest}")
    name, _port = split_domain_port(host)
    own, _own_port = split_domain_port(settings.ARTIFACT_HOST)
    return Place(name.removesuffix(own).removesuffix("."), path)


def _app_hosts() -> list[str]:
    return [split_domain_port(host)[0] for host in settings.APP_HOSTS]


def _app_port() -> int:
    return _number(str(urlsplit(settings.PUBLIC_URL).port or ""))


def _number(port: str) -> int:
    return int(port) if port else 443 if settings.SECURE else 80
