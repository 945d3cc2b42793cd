from django.apps import AppConfig


class HostConfig(AppConfig):
    name = "playground.host"

    def ready(self) -> None:
        # They connect receivers and register checks.
        from playground.host import checks, prelude, snapshots, tasks  # noqa: F401, PLC0415
