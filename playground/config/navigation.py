"""The admin pages in the order of what people keep there, for the sidebar and the first page."""

from typing import TypedDict

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from playground.curation.roles import is_curator

# By group: models and their icons, which are names of Material Symbols.
_GROUPS: dict[str, dict[str, str]] = {
    "gallery": {
        "gallery.entry": "photo_library",
        "gallery.collection": "collections_bookmark",
        "gallery.tag": "sell",
        "artifacts.artifact": "web_asset",
        "curation.report": "flag",
        "curation.health": "monitor_heart",
        "curation.repair": "healing",
        "curation.blockedterm": "block",
        "curation.policy": "rule",
    },
    "people": {
        "accounts.user": "person",
        "auth.group": "group",
        "account.emailaddress": "mail",
        "socialaccount.socialaccount": "badge",
        "accounts.apitoken": "key",
        "webhooks.webhook": "webhook",
    },
    "runs": {
        "runs.race": "trophy",
        "builds.build": "construction",
        "checks.check": "fact_check",
    },
    "models": {
        "gateway.endpoint": "dns",
        "gateway.model": "smart_toy",
    },
    "operations": {
        "accounts.charge": "payments",
        "accounts.auditentry": "history",
        "artifacts.networkpolicy": "security",
        "shelf.package": "inventory_2",
        "socialaccount.socialapp": "login",
        "socialaccount.socialtoken": "token",
    },
}
_TITLES = {
    "gallery": _("Gallery and curation"),
    "people": _("People"),
    "runs": _("Runs"),
    "models": _("Models"),
    "operations": _("Operations"),
    "more": _("More"),
}


class Item(TypedDict):
    title: str
    icon: str
    link: str
    active: bool


class Group(TypedDict):
    title: str
    items: list[Item]


def list_groups(request: HttpRequest) -> list[Group]:
    """Only what this person may open. A model that no group names comes last."""
    here = request.path
    found = {
        model["model"]._meta.label_lower: model
        for app in admin.site.get_app_list(request)
        for model in app["models"]
        if model["admin_url"]
    }
    named = [label for group in _GROUPS.values() for label in group]
    others = {label: "table_rows" for label in found if label not in named}
    groups = [Group(title="", items=_list_ways(request))]
    for name, icons in (_GROUPS | {"more": others}).items():
        items = [
            Item(
                title=found[label]["name"],
                icon=icon,
                link=found[label]["admin_url"],
                active=here.startswith(found[label]["admin_url"]),
            )
            for label, icon in icons.items()
            if label in found
        ]
        if items:
            groups.append(Group(title=str(_TITLES[name]), items=items))
    return groups


def _list_ways(request: HttpRequest) -> list[Item]:
    """Out of the admin pages, and to their first."""
    index = reverse("admin:index")
    ways = [Item(title=gettext("Overview"), icon="home", link=index, active=request.path == index)]
    if is_curator(request.user):
        ways.append(Item(title=gettext("Curate"), icon="auto_awesome", link=reverse("curate"), active=False))
    ways.append(Item(title=gettext("Back to the playground"), icon="arrow_back", link=reverse("gallery"), active=False))
    return ways
