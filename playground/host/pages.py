"""The few pages of our own on an artifact host. They run no script."""

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

STYLE = """:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;
font:15px/1.5 system-ui,sans-serif;color:light-dark(#57534b,#b3aea4);background:light-dark(#fbfaf8,#141414)}
p{max-width:34ch;padding:24px;text-align:center}a{color:inherit}"""
_PAGE = """<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{}</title>
<style>{}</style><p>{}</p>"""


class OwnPage(HttpResponse):
    """A page of ours, which needs no rights of an artifact's."""


def not_found() -> OwnPage:
    return _page(_("Not found"), _("This page does not exist, or its address is no longer valid."), 404)


def no_page() -> OwnPage:
    return _page(_("No page"), _("This answer holds no page to show."), 404)


def refused(status: int) -> OwnPage:
    return _page(_("Refused"), _("This host only serves pages to read."), status)


def elsewhere(permalink: str) -> OwnPage:
    """Instead of a page that was not asked for by the app's frame."""
    text = format_html(
        _("This page is shown within the playground: {link}"), link=format_html('<a href="{0}">{0}</a>', permalink)
    )
    return _page(_("Open in the playground"), text, 200)


def taken_down(permalink: str) -> OwnPage:
    """Instead of what curators took down. What the browser has kept of it is thrown away, where it knows how."""
    text = format_html(
        _("This page was taken down. Why, its link says: {link}"),
        link=format_html('<a href="{0}">{0}</a>', permalink),
    )
    page = _page(_("Taken down"), text, 410)
    page["Cache-Control"] = "no-store"
    page["Clear-Site-Data"] = '"cache"'
    return page


def _page(title: str, text: str | SafeString, status: int) -> OwnPage:
    return OwnPage(format_html(_PAGE, title, SafeString(STYLE), text), status=status)
