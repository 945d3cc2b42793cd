"""How a conversation stands: what whoever has it open is told, whenever it has changed."""

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

from playground.accounts.models import User
from playground.artifacts.presenting import edited_versions
from playground.protocol import ConversationNews, Participant, Role, RunInfo, RunStatus
from playground.runs.models import Condensation, Conversation, Run
from playground.runs.presenting import SHOWN, run_info
from playground.runs.sharing import person_key, person_name, roles_in


@dataclass(frozen=True, slots=True)
class State:
    """The same for everybody in the conversation, but for their roles."""

    conversation: str
    title: str
    is_shared: bool
    roles: dict[int, Role]
    people: list[Participant]
    runs: list[RunInfo]
    begun: int
    changed: str

    @property
    def is_stalled(self) -> bool:
        """A wish waits, and nothing is written."""
        return bool(self.runs) and all(run.status == RunStatus.QUEUED for run in self.runs)

    def tell(self, user_id: int) -> ConversationNews | None:
        """None for who may not see it any more."""
        role = self.roles.get(user_id)
        if role is None:
            return None
        runs = [(run.id, run.status, run.build and run.build.state) for run in self.runs]
        told = (self.title, self.is_shared, role, self.people, runs, self.begun, self.changed)
        return ConversationNews(
            conversation=self.conversation,
            stamp=_digest(told),
            title=self.title,
            role=role,
            is_shared=self.is_shared,
            people=self.people,
            runs=self.runs,
            begun=self.begun,
            changed=self.changed,
        )


def read_state(conversation_id: str, present: Collection[int]) -> State | None:
    """`present`: the people who have it open. None where the conversation is gone."""
    conversation = Conversation.objects.select_related("artifact").filter(pk=conversation_id).first()
    if conversation is None:
        return None
    roles = roles_in(conversation)
    runs = Run.objects.filter(conversation=conversation)
    return State(
        conversation=conversation.pk,
        title=conversation.title,
        is_shared=conversation.links.exists(),
        roles=roles,
        people=_people(conversation, roles, present),
        runs=[run_info(run) for run in runs.open().select_related(*SHOWN).prefetch_related("condensations")],
        begun=runs.exclude(status=RunStatus.QUEUED).count(),
        changed=_changed(conversation),
    )


def _people(conversation: Conversation, roles: dict[int, Role], present: Collection[int]) -> list[Participant]:
    """The owner first, then by name; guests last."""
    people = [
        Participant(key=person_key(conversation.pk, user.pk), name=person_name(user), role=roles[user.pk])
        for user in User.objects.filter(pk__in=[user for user in present if user in roles])
    ]
    return sorted(people, key=lambda each: (each.role is not Role.OWNER, not each.name, each.name, each.key))


def _changed(conversation: Conversation) -> str:
    races = list(conversation.races.values_list("pk", "verdict", "kept"))
    edits = [edit.number for edit in edited_versions(conversation.artifact)] if conversation.artifact else []
    summaries = Condensation.objects.filter(upto__conversation=conversation).values_list("pk", "undone_at")
    return _digest((races, edits, list(summaries)))


def _digest(told: object) -> str:
    return sha256(repr(told).encode()).hexdigest()[:16]
