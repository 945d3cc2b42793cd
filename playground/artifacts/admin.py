from django.contrib import admin

from playground.admin_pages import ModelAdmin
from playground.artifacts.models import Artifact


@admin.register(Artifact)
class ArtifactAdmin(ModelAdmin[Artifact]):
    list_display = ["title", "owner", "visibility", "created_at"]
    list_filter = ["visibility"]
    search_fields = ["title", "id", "owner__email"]
    raw_id_fields = ["owner", "remixed_from"]
    readonly_fields = ["views"]
    exclude = ["password"]
