"""What went wrong with a delivery, in words."""

from django.utils.translation import gettext_lazy as _

from playground.webhooks.models import Delivery

_FAULTS = {
    "": "",
    "forbidden": _("The address leads into a private network, which this playground does not call."),
    "timeout": _("There was no answer within ten seconds."),
    "tls": _("The certificate of the address is not valid."),
    "connection": _("No connection came about."),
    "redirect": _("It answered with a redirect (%(status)s), which is not followed. Enter the final address."),
    "gone": _("It answered that it wants no more (410)."),
    "status": _("It answered with status %(status)s."),
    "no_secret": _("The secret can no longer be read. Delete this webhook and make a new one."),
    "turned_off": _("The webhook was turned off before."),
}


def tell_fault(fault: str, status: int | None = None) -> str:
    return str(_FAULTS[fault]) % {"status": status}


def tell_delivery(delivery: Delivery) -> str:
    return tell_fault(delivery.fault, delivery.status)
