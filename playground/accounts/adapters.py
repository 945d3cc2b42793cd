from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from playground.accounts.models import User
from playground.accounts.services import adopt_guest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """Every way in (password, sign-up, GitHub, single sign-on) ends in `login`: there a guest hands over."""

    def login(self, request: HttpRequest, user: User) -> None:
        guest = User.objects.filter(pk=request.user.pk or 0, is_guest=True).first()
        super().login(request, user)
        if guest and guest.pk != user.pk:
            adopt_guest(guest, user)
