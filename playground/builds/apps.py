from django.apps import AppConfig


class BuildsConfig(AppConfig):
    name = "playground.builds"

    def ready(self) -> None:
        # They connect receivers.
        from playground.builds import receivers, tasks  # noqa: F401, PLC0415
