from django.urls import path

from playground.operations import views

urlpatterns = [
    path("metrics", views.metrics, name="metrics"),
    path("usage/", views.show_usage, name="usage"),
]
