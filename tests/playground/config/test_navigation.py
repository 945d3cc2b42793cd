"""The order of the admin pages, and that they stay as guarded as Django's own."""

import pytest
from django.contrib.admin import sites
from django.contrib.auth.models import Permission
from django.test import Client

from playground.accounts.models import User
from playground.admin_pages import ModelAdmin

pytestmark = pytest.mark.django_db


def test_every_model_has_its_place_and_the_look(client: Client, admin: User) -> None:
    client.force_login(admin)
    groups = client.get("/admin/").context["sidebar_navigation"]
    assert "More" not in [group["title"] for group in groups]
    shown = {item["link"] for group in groups for item in group["items"]}
    assert len([link for link in shown if link.startswith("/admin/")]) == len(sites.site._registry) + 1
    assert all(isinstance(pages, ModelAdmin) for pages in sites.site._registry.values())


def test_who_may_see_tags_is_shown_tags(client: Client, alice: User) -> None:
    alice.is_staff = True
    alice.save()
    alice.user_permissions.add(Permission.objects.get(codename="view_tag"))
    client.force_login(alice)
    groups = client.get("/admin/").context["sidebar_navigation"]
    links = [item["link"] for group in groups for item in group["items"]]
    assert links == ["/admin/", "/", "/admin/gallery/tag/", "/admin/runs/race/"]


@pytest.mark.parametrize("path", ["", "gallery/tag/", "gallery/tag/add/", "accounts/user/"])
def test_no_page_may_be_framed_or_evaluate_text(client: Client, admin: User, path: str) -> None:
    client.force_login(admin)
    answer = client.get(f"/admin/{path}")
    assert answer.status_code == 200
    assert answer["X-Frame-Options"] == "DENY"
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
