from django.contrib.sitemaps.views import sitemap
from django.urls import path

from playground.gallery import (
    access,
    embeds,
    feeds,
    front,
    likes,
    oembed,
    permalinks,
    pictures,
    replay,
    submissions,
    workbench,
)

urlpatterns = [
    path("", front.show_gallery, name="gallery"),
    path("collections/<slug:slug>", front.show_collection, name="collection"),
    path("feed.atom", feeds.Newest(), name="feed"),
    path("robots.txt", feeds.show_robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": feeds.SITEMAPS}, name="sitemap"),
    path("new", workbench.new_wish, name="workbench"),
    path("join/<str:token>", workbench.open_shared, name="join"),
    path("c/<str:conversation_id>", workbench.open_conversation, name="conversation"),
    path("a/<str:artifact_id>", permalinks.show_latest, name="permalink"),
    path("a/<str:artifact_id>/v/<int:number>", permalinks.show_version, name="version_permalink"),
    path("a/<str:artifact_id>/v/<int:number>/card.jpg", pictures.show_card, name="card"),
    path("embed/<str:artifact_id>", embeds.show_embed, name="embed"),
    path("embed/<str:artifact_id>/v/<int:number>", embeds.show_embed, name="version_embed"),
    path("oembed", oembed.oembed, name="oembed"),
    path("a/<str:artifact_id>/v/<int:number>/verify", permalinks.verify, name="verify"),
    path("a/<str:artifact_id>/unlock", access.give_password, name="unlock"),
    path("a/<str:artifact_id>/access", access.change_access, name="access"),
    path("a/<str:artifact_id>/words", access.change_words, name="words"),
    path("a/<str:artifact_id>/like", likes.like, name="like"),
    path("a/<str:artifact_id>/replay", replay.show_latest, name="replay"),
    path("a/<str:artifact_id>/v/<int:number>/replay", replay.show_version, name="version_replay"),
    path("a/<str:artifact_id>/submit", submissions.submit_artifact, name="submit"),
    path("a/<str:artifact_id>/withdraw", submissions.withdraw_artifact, name="withdraw"),
    path("a/<str:artifact_id>/remix", permalinks.remix, name="remix"),
    path("a/<str:artifact_id>/open", permalinks.open_in_workbench, name="open_in_workbench"),
]
