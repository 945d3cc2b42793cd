from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CurationConfig(AppConfig):
    name = "playground.curation"

    def ready(self) -> None:
        from playground.curation.roles import make_curators  # noqa: PLC0415 - it needs the models

        post_migrate.connect(make_curators, sender=self)
