"""How allauth treats guests: who signs up with a password stays the same user; who signs in hands over."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.contrib.auth import logout
from django.forms import Form
from django.http import HttpRequest

from playground.accounts.models import User
from playground.accounts.services import guest_of, handing_over, set_guest_aside


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    def new_user(self, request: HttpRequest) -> User:
        """A guest keeps the row, so that a run that is being written meanwhile still finds its owner."""
        return guest_of(request) or User()

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        was_guest, user.is_guest = user.is_guest, False
        super().save_user(request, user, form, commit)
        if was_guest:
            logout(request)  # of the guest: where an e-mail address must be verified first, nobody is signed in yet
        return user

    def login(self, request: HttpRequest, user: User) -> None:
        """Every way in that allauth knows ends here."""
        with handing_over(request):
            super().login(request, user)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    def new_user(self, request: HttpRequest, sociallogin: SocialLogin) -> User:
        """Never the guest's row: it may turn out that this person has an account."""
        return User()

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Else allauth would sign the guest out and forget who it was, or connect the guest instead."""
        if set_guest_aside(request):
            sociallogin.state["process"] = AuthProcess.LOGIN
