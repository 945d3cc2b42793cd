from allauth.account import views as account
from allauth.socialaccount import views as socialaccount
from django.urls import path

from playground.accounts import views

urlpatterns = [
    path("settings/profile", views.update_profile, name="profile_update"),
    path("settings/tokens", views.create_token, name="token_create"),
    path("settings/tokens/<int:token_id>/delete", views.delete_token, name="token_delete"),
    # To allauth a guest is signed in. Its pages about one's account are therefore reached through our guard.
    path("accounts/email/", views.for_members(account.email)),
    path("accounts/password/change/", views.for_members(account.password_change)),
    path("accounts/password/set/", views.for_members(account.password_set)),
    path("accounts/3rdparty/", views.for_members(socialaccount.connections)),
]
