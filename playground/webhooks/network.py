"""Which addresses the server may speak to for a person. It stands within the operator's network; strangers do not."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings

_TRANSLATED = ip_network("64:ff9b::/96")  # an IPv4 address within: NAT64


def is_permitted(address: str, *, is_secure: bool) -> bool:
    """Public addresses, by HTTPS; beyond that what the operator names, by either."""
    try:
        found = _inner(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if any(found in network for network in settings.WEBHOOK_NETWORKS if network.version == found.version):
        return True
    return is_secure and found.is_global and not found.is_multicast


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """What an IPv6 address that carries an IPv4 one leads to."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or address
