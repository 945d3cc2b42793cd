from django.apps import AppConfig


class ArtifactsConfig(AppConfig):
    name = "playground.artifacts"

    def ready(self) -> None:
        from playground.artifacts import adoption  # noqa: F401, PLC0415 - connects its receiver
