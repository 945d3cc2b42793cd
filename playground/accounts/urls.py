from django.urls import path

from playground.accounts import views

urlpatterns = [
    path("settings/", views.show_settings, name="settings"),
    path("settings/profile", views.update_profile, name="profile_update"),
    path("settings/tokens", views.create_token, name="token_create"),
    path("settings/tokens/<int:token_id>/delete", views.delete_token, name="token_delete"),
]
