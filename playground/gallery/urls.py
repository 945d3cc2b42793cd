from django.urls import path

from playground.gallery import permalinks, replay, workbench

urlpatterns = [
    path("", workbench.new_wish, name="workbench"),
    path("join/<str:token>", workbench.open_shared, name="join"),
    path("c/<str:conversation_id>", workbench.open_conversation, name="conversation"),
    path("a/<str:artifact_id>", permalinks.show_latest, name="permalink"),
    path("a/<str:artifact_id>/v/<int:number>", permalinks.show_version, name="version_permalink"),
    path("a/<str:artifact_id>/v/<int:number>/verify", permalinks.verify, name="verify"),
    path("a/<str:artifact_id>/replay", replay.show_latest, name="replay"),
    path("a/<str:artifact_id>/v/<int:number>/replay", replay.show_version, name="version_replay"),
    path("a/<str:artifact_id>/remix", permalinks.remix, name="remix"),
    path("a/<str:artifact_id>/open", permalinks.open_in_workbench, name="open_in_workbench"),
]
