from django.urls import path

from playground.people import account, pages, settings_page, webhooks

urlpatterns = [
    path("u/<str:handle>", pages.show_person, name="person"),
    path("settings/", settings_page.show_settings, name="settings"),
    path("settings/sign-ins/end", account.end_others, name="sign_ins_end"),
    path("settings/sign-ins/<int:sign_in_id>/end", account.end_one, name="sign_in_end"),
    path("settings/webhooks", webhooks.create, name="webhook_create"),
    path("settings/webhooks/<int:webhook_id>/test", webhooks.test, name="webhook_test"),
    path("settings/webhooks/<int:webhook_id>/on", webhooks.turn_on_again, name="webhook_on"),
    path("settings/webhooks/<int:webhook_id>/delete", webhooks.delete, name="webhook_delete"),
    path("settings/export", account.order, name="export_order"),
    path("settings/export/<str:export_id>", account.download, name="export_download"),
    path("settings/delete", account.delete, name="account_delete"),
]
