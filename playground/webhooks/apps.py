from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    name = "playground.webhooks"
    verbose_name = _("Webhooks")

    def ready(self) -> None:
        from playground.webhooks import tasks  # noqa: F401, PLC0415 - connects its receivers
