"""Rows as wire types."""

from collections.abc import Sequence

from django.urls import reverse

from playground import protocol
from playground.accounts.models import User
from playground.artifacts.addresses import signed_url, version_ref
from playground.artifacts.presenting import edited_versions
from playground.gateway.services import cost
from playground.runs.models import BUILD, Condensation, Conversation, ConversationQuerySet, Race, Run, Verdict
from playground.runs.sharing import person_key, person_name, role_of, roles_of
from playground.runs.veil import veiled_problem

# What the wire type of a run is made of.
SHOWN = ("conversation", "version__artifact", "race", "model", "author", "build")


def preview_url(run: Run) -> str:
    """The run's page while it is being written, and afterwards as it was left."""
    return signed_url(run.pk, "run")


def run_info(run: Run) -> protocol.RunInfo:
    """Wants `SHOWN` selected, and of many runs `condensations` prefetched."""
    is_veiled = run.is_veiled
    usage = protocol.Usage.model_validate(run.usage) if run.usage and not is_veiled else None
    return protocol.RunInfo(
        id=run.pk,
        kind="build" if run.kind == BUILD else "chat",
        build=run.build.info() if run.kind == BUILD else None,
        status=protocol.RunStatus(run.status),
        conversation=run.conversation_id,
        author=person(run.conversation_id, run.author) if run.author else None,
        parent=run.parent_id,
        prompt=run.prompt,
        images=[reverse("api:run_image", args=[run.pk, number]) for number in range(len(run.images))],
        places=run.read_places(),
        model="" if is_veiled else run.model_name,
        usage=usage,
        cost=_cost(run, usage),
        error=_error(run),
        race=run.race_id,
        artifact=run.conversation.artifact_id,
        version=version_ref(run.version) if run.version else None,
        condensation=condensation_info(run.condensation) if run.condensation else None,
        preview_url=None if run.kind == BUILD else preview_url(run),
        created_at=run.created_at,
        finished_at=None if is_veiled else run.finished_at,
    )


def condensation_info(condensation: Condensation) -> protocol.CondensationInfo:
    return protocol.CondensationInfo(
        summary=condensation.summary,
        runs=condensation.runs,
        saved=condensation.saved,
        is_outline=condensation.is_outline,
    )


def _cost(run: Run, usage: protocol.Usage | None) -> float | None:
    found = cost(run.model, usage) if run.model and usage else None
    return None if found is None else float(found)


def _error(run: Run) -> protocol.Problem | None:
    if not run.error:
        return None
    return veiled_problem() if run.is_veiled else protocol.Problem.model_validate(run.error)


def race_info(race: Race, lanes: Sequence[Run]) -> protocol.RaceInfo:
    """`lanes` in any order."""
    return protocol.RaceInfo(
        id=race.pk,
        conversation=race.conversation_id,
        lanes=[lane.pk for lane in sorted(lanes, key=lambda lane: lane.lane or 0)],
        is_blind=race.is_blind,
        is_veiled=race.is_veiled,
        verdict=Verdict(race.verdict).value if race.verdict else None,
        best=race.best_id,
        kept=race.kept_id,
    )


def race_detail(race: Race) -> protocol.RaceDetail:
    lanes = list(race.lanes.select_related(*SHOWN))
    info = race_info(race, lanes)
    return protocol.RaceDetail(**info.model_dump(), runs=[run_info(lane) for lane in lanes])


def person(conversation_id: str, user: User) -> protocol.Person:
    return protocol.Person(key=person_key(conversation_id, user.pk), name=person_name(user))


def conversation_list(conversations: ConversationQuerySet, reader: User) -> list[protocol.ConversationInfo]:
    """The reader may see them. For a visitor without a session there are none."""
    listed = list(conversations.select_related("owner"))
    running = set(Run.objects.open().filter(conversation__in=listed).values_list("conversation", flat=True))
    roles = roles_of(reader.pk) if listed else {}
    return [
        conversation_info(item, reader, is_running=item.pk in running, role=roles.get(item.pk, protocol.Role.OWNER))
        for item in listed
    ]


def conversation_info(
    conversation: Conversation, reader: User, *, is_running: bool, role: protocol.Role | None = None
) -> protocol.ConversationInfo:
    """The reader may see it. `role`: the reader's, where it is known already."""
    return protocol.ConversationInfo(
        id=conversation.pk,
        title=conversation.title,
        created_at=conversation.created_at,
        updated_at=conversation.updated_at,
        artifact=conversation.artifact_id,
        is_running=is_running,
        role=role or role_of(reader.pk, conversation) or protocol.Role.VIEWER,
        me=person_key(conversation.pk, reader.pk),
        owner=person_name(conversation.owner),
    )


def conversation_detail(conversation: Conversation, reader: User) -> protocol.ConversationDetail:
    runs = list(conversation.runs.select_related(*SHOWN).prefetch_related("condensations"))
    races = conversation.races.all()
    info = conversation_info(conversation, reader, is_running=any(not run.is_over for run in runs))
    return protocol.ConversationDetail(
        **info.model_dump(),
        runs=[run_info(run) for run in runs],
        races=[race_info(race, [run for run in runs if run.race_id == race.pk]) for race in races],
        base=version_ref(conversation.base) if conversation.base else None,
        edits=edited_versions(conversation.artifact) if conversation.artifact else [],
    )
