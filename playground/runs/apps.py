from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "playground.runs"

    def ready(self) -> None:
        from playground.runs import adoption  # noqa: F401, PLC0415 - connects its receiver
