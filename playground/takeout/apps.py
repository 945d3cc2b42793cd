from django.apps import AppConfig


class TakeoutConfig(AppConfig):
    name = "playground.takeout"
