from django.apps import AppConfig


class ChecksConfig(AppConfig):
    name = "playground.checks"

    def ready(self) -> None:
        # It connects a receiver.
        from playground.checks import tasks  # noqa: F401, PLC0415
