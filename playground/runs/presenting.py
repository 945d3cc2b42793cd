"""Rows as wire types."""

from django.urls import reverse

from playground import protocol
from playground.artifacts.addresses import signed_url, version_ref
from playground.artifacts.presenting import edited_versions
from playground.runs.models import Conversation, Run


def preview_url(run: Run) -> str:
    """The run's page while it is being written, and afterwards as it was left."""
    return signed_url(run.pk, "run")


def run_info(run: Run) -> protocol.RunInfo:
    """Wants `conversation` and `version__artifact` selected."""
    return protocol.RunInfo(
        id=run.pk,
        kind="chat",
        status=protocol.RunStatus(run.status),
        conversation=run.conversation_id,
        parent=run.parent_id,
        prompt=run.prompt,
        images=[reverse("api:run_image", args=[run.pk, number]) for number in range(len(run.images))],
        model=run.model_name,
        usage=protocol.Usage.model_validate(run.usage) if run.usage else None,
        error=protocol.Problem.model_validate(run.error) if run.error else None,
        artifact=run.conversation.artifact_id,
        version=version_ref(run.version) if run.version else None,
        preview_url=preview_url(run),
        created_at=run.created_at,
        finished_at=run.finished_at,
    )


def conversation_info(conversation: Conversation, *, is_running: bool) -> protocol.ConversationInfo:
    return protocol.ConversationInfo(
        id=conversation.pk,
        title=conversation.title,
        created_at=conversation.created_at,
        updated_at=conversation.updated_at,
        artifact=conversation.artifact_id,
        is_running=is_running,
    )


def conversation_detail(conversation: Conversation) -> protocol.ConversationDetail:
    runs = list(conversation.runs.select_related("conversation", "version__artifact"))
    info = conversation_info(conversation, is_running=any(not run.is_over for run in runs))
    return protocol.ConversationDetail(
        **info.model_dump(),
        runs=[run_info(run) for run in runs],
        base=version_ref(conversation.base) if conversation.base else None,
        edits=edited_versions(conversation.artifact) if conversation.artifact else [],
    )
