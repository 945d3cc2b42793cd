"""Which hosts beyond its own a page may reach: named by its owner, within what the operator allows."""

import re
from collections.abc import Iterable

from django.conf import settings
from django.http.request import split_domain_port
from django.utils.translation import gettext as _

from playground.artifacts.models import NetworkPolicy
from playground.errors import BadInput, PlaygroundError

MAX_HOSTS = 20
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# The last label is no number, so that an address is no name.
_HOST = re.compile(rf"(?=[^:]{{1,253}}(?::|$))(?:{_LABEL}\.)+(?!\d+(?::|$)){_LABEL}(?::[1-9]\d{{0,4}})?")
_PRIVATE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "arpa", "onion")


def check_hosts(hosts: Iterable[str]) -> list[str]:
    """The names in one spelling, each once. Raises BadInput for what is no public host's name, or ours."""
    checked = list(dict.fromkeys(_check_host(host) for host in hosts))
    if len(checked) > MAX_HOSTS:
        raise BadInput("too_many_hosts", _("A page may reach at most %(count)d hosts.") % {"count": MAX_HOSTS})
    return checked


def permit_hosts(hosts: Iterable[str]) -> list[str]:
    """Like `check_hosts`, for an owner's wish: refused where the operator does not leave it to owners."""
    checked = check_hosts(hosts)
    policy = NetworkPolicy.objects.current()
    if refused := [host for host in checked if not policy.permits(host)]:
        message = _("The operator of this playground does not allow pages to reach %(hosts)s.")
        raise PlaygroundError("network_forbidden", message % {"hosts": ", ".join(refused)}, status=403)
    return checked


def cut_hosts(hosts: Iterable[str]) -> list[str]:
    """Those that the operator still allows: a policy holds for what was allowed before it, too."""
    policy = NetworkPolicy.objects.current()
    return [host for host in hosts if policy.permits(host)]


def _check_host(host: str) -> str:
    name = host.strip().lower()
    try:
        name = name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        name = ""
    if not _HOST.fullmatch(name) or int(name.partition(":")[2] or 1) > 65_535:
        message = _("“%(host)s” is no host name. Write it like api.example.com, without https:// and path.")
        raise BadInput("bad_host", message % {"host": host[:100]})
    if _is_ours(name.partition(":")[0]):
        raise BadInput("bad_host", _("“%(host)s” is not a public host: a page may not reach it.") % {"host": name})
    return name.removesuffix(":443")


def _is_ours(name: str) -> bool:
    """Names of the operator's own network, of the app, and of artifacts."""
    artifacts = split_domain_port(settings.ARTIFACT_HOST)[0]
    own = [*_PRIVATE, artifacts, *(split_domain_port(host)[0] for host in settings.APP_HOSTS)]
    return any(name == other or name.endswith(f".{other}") for other in own if other)
