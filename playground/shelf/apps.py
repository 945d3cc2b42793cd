from django.apps import AppConfig


class ShelfConfig(AppConfig):
    name = "playground.shelf"
