from django.apps import AppConfig


class HostConfig(AppConfig):
    name = "playground.host"

    def ready(self) -> None:
        from playground.host import checks  # noqa: F401, PLC0415 - registers them
