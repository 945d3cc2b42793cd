from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "playground.accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from playground.accounts import audit, sign_ins  # noqa: F401, PLC0415 - connect their receivers
