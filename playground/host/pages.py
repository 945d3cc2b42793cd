"""The few pages of our own that an artifact host shows inside the frame."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

_PAGE = """<!doctype html><meta charset="utf-8"><title>{title}</title>
<style>:root{{color-scheme:light dark}}body{{margin:0;min-height:100vh;display:grid;place-items:center;
font:15px/1.5 system-ui,sans-serif;color:light-dark(#57534b,#b3aea4);background:light-dark(#fbfaf8,#141414)}}
p{{max-width:34ch;padding:24px;text-align:center}}</style><p>{text}</p>"""


def not_found() -> HttpResponse:
    return _page(_("Not found"), _("This page does not exist, or its address is no longer valid."), 404)


def no_page() -> HttpResponse:
    return _page(_("No page"), _("This answer holds no page to show."), 404)


def _page(title: str, text: str, status: int) -> HttpResponse:
    return HttpResponse(_PAGE.format(title=title, text=text), status=status)
