from django.apps import AppConfig


class GalleryConfig(AppConfig):
    name = "playground.gallery"

    def ready(self) -> None:
        from playground.gallery import indexing  # noqa: F401, PLC0415 - connects its receivers
