from django.urls import path

from playground.curation.pages import arrangement, cases, entries, reporting, upkeep

urlpatterns = [
    path("curate/", entries.show_queue, name="curate"),
    path("curate/act", entries.act_on_entries, name="curate_act"),
    path("curate/entries", entries.show_entries, name="curate_entries"),
    path("curate/featured", arrangement.show_featured, name="curate_featured"),
    path("curate/featured/order", arrangement.order_featured, name="curate_featured_order"),
    path("curate/collections", arrangement.show_collections, name="curate_collections"),
    path("curate/collections/new", arrangement.create_collection, name="curate_collection_new"),
    path("curate/collections/<slug:slug>", arrangement.show_collection, name="curate_collection"),
    path("curate/collections/<slug:slug>/order", arrangement.order_collection, name="curate_collection_order"),
    path("curate/collections/<slug:slug>/change", arrangement.change_collection, name="curate_collection_change"),
    path("curate/reports", cases.show_reports, name="curate_reports"),
    path("curate/reports/<str:artifact_id>", cases.decide_reports, name="curate_report"),
    path("curate/takedowns", cases.show_takedowns, name="curate_takedowns"),
    path("curate/takedowns/new", cases.take_down_any, name="curate_take_down"),
    path("curate/takedowns/<str:artifact_id>/back", cases.put_back_artifact, name="curate_put_back"),
    path("curate/bans/new", cases.ban_user, name="curate_ban"),
    path("curate/bans/<int:user_id>/lift", cases.lift_users_ban, name="curate_lift_ban"),
    path("curate/health", upkeep.show_health, name="curate_health"),
    path("curate/health/policy", upkeep.change_policy, name="curate_policy"),
    path("curate/health/<int:entry_id>/repair", upkeep.order, name="curate_repair"),
    path("curate/repairs/<int:repair_id>", upkeep.decide_repair, name="curate_repair_decide"),
    path("a/<str:artifact_id>/report", reporting.report_artifact, name="report"),
]
