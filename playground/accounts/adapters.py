from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from playground.accounts.models import User
from playground.accounts.services import adopt_guest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """Every way in (password, sign-up, GitHub, single sign-on) ends in `login`: there a guest hands over."""

    def login(self, request: HttpRequest, user: User) -> None:
        before = request.user._wrapped if hasattr(request.user, "_wrapped") else request.user
        super().login(request, user)
        if isinstance(before, User) and before.is_guest and before.pk != user.pk:
            adopt_guest(before, user)
