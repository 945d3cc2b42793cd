"""The wire schema: every value that crosses between server and browser or script.

A run's log is a sequence of `Frame`s `{run, seq, at, event}`. `seq` counts from 1 without gaps, so a
follower that remembers the last one it saw can ask for exactly the rest, and a replay is idempotent.
The same frames travel over the websocket (`/ws`), as server-sent events, and by long polls (`GET /api/events`).

`frontend/src/protocol.gen.ts` is generated from this module (`make protocol`); a test says when it is stale. What is
about builds stands in `playground.build_protocol`.
"""

import json
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, Field, TypeAdapter
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from playground.build_protocol import (
    BUILD_RECEIVED,
    BUILD_SENT,
    BuildEvent,
    BuildInfo,
    EngineName,
    LimitsWish,
    Requirement,
)
from playground.schema import CheckGate as CheckGate
from playground.schema import CheckPictures as CheckPictures
from playground.schema import Line as Line
from playground.schema import Problem as Problem
from playground.schema import Schema as Schema
from playground.schema import Words as Words

# ---------------------------------------------------------------------------------------- run events


class RunStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self in (RunStatus.FINISHED, RunStatus.FAILED, RunStatus.CANCELLED)


class RunStarted(Schema):
    """The request is on its way to the model: until the next event, we wait for the model."""

    type: Literal["run.started"] = "run.started"
    model: str  # display name of the chosen model


class ModelAnswered(Schema):
    """The first byte of the answer. `model` is what the server says it runs, which may not be what was asked for."""

    type: Literal["model.answered"] = "model.answered"
    model: str


class ReasoningDelta(Schema):
    type: Literal["reasoning.delta"] = "reasoning.delta"
    text: str


class TextDelta(Schema):
    """Prose (Markdown) outside the files."""

    type: Literal["text.delta"] = "text.delta"
    text: str


class FileOpened(Schema):
    """From here, `file.delta`s with this path follow. A path opened again starts over, empty.

    `is_edit`: the first delta is the whole text that the wish goes on from, and edits of it follow.
    """

    type: Literal["file.opened"] = "file.opened"
    path: str
    language: str
    is_edit: bool = False


class FileDelta(Schema):
    type: Literal["file.delta"] = "file.delta"
    path: str
    text: str


class FileClosed(Schema):
    """`complete` is false where the answer ended before the file did."""

    type: Literal["file.closed"] = "file.closed"
    path: str
    complete: bool


class EditOpened(Schema):
    """`count` lines of the file, from `line` (from 0) on, go; the text of the following `edit.delta`s comes there."""

    type: Literal["edit.opened"] = "edit.opened"
    path: str
    line: int
    count: int


class EditDelta(Schema):
    """Whole lines, each with its line end."""

    type: Literal["edit.delta"] = "edit.delta"
    path: str
    text: str


class EditClosed(Schema):
    type: Literal["edit.closed"] = "edit.closed"
    path: str


class EditFailed(Schema):
    """An edit whose place was not found, or (`found` above 1) was not the only one. Nothing has changed."""

    type: Literal["edit.failed"] = "edit.failed"
    path: str | None
    search: str
    found: int


class AnswerWithdrawn(Schema):
    """Everything so far turned out to be reasoning: its files and edits are none, its prose is reasoning."""

    type: Literal["answer.withdrawn"] = "answer.withdrawn"


class SegmentStarted(Schema):
    """The model is asked again, for the same answer.

    `reason`: "continue" (it was cut), "resume" (the server that wrote it is gone, another one goes on), "branch" (what
    stands before was taken from a film), "repair" (edits did not apply), "rewrite" (nor did they the second time).
    """

    type: Literal["segment.started"] = "segment.started"
    reason: Literal["continue", "resume", "branch", "repair", "rewrite"]


class Usage(Schema):
    """Token counts of the run. `estimated` when the server reported none."""

    type: Literal["usage"] = "usage"
    input_tokens: int
    output_tokens: int
    estimated: bool = False


class Withheld(Schema):
    """What this frame tells would name the model of a blind lane. After the vote, the log is told whole."""

    type: Literal["withheld"] = "withheld"


class VersionRef(Schema):
    """Where a saved version is: `url` is its permalink, `frame_url` the page itself on the artifact host."""

    artifact: str
    number: int
    url: str
    frame_url: str
    title: str


class ContextCondensed(Schema):
    """The beginning of the branch, up to and with the run `upto`, is from now on told to the model as a summary."""

    type: Literal["context.condensed"] = "context.condensed"
    upto: str
    runs: int  # how many exchanges the summary stands for


class VersionSaved(Schema):
    """`differs`: more was saved than the live preview has shown, style sheets linked in, say.

    `edit` is the number of a version that a person saved of the same base while the model wrote, if there is one.
    `is_merged`: its changes are in this version; else they touch the same lines, and it stands beside this one.
    """

    type: Literal["version.saved"] = "version.saved"
    version: VersionRef
    differs: bool = False
    edit: int | None = None
    is_merged: bool = False


class RunFinished(Schema):
    """The end of a run that was not a failure.

    `reason`: "stop" (the model was done), "length" (cut at the output limit), "cancelled" (a person pressed Stop).
    """

    type: Literal["run.finished"] = "run.finished"
    reason: Literal["stop", "length", "cancelled"]


class RunFailed(Schema):
    type: Literal["run.failed"] = "run.failed"
    error: Problem


type Event = Annotated[
    RunStarted
    | ModelAnswered
    | ReasoningDelta
    | TextDelta
    | FileOpened
    | FileDelta
    | FileClosed
    | EditOpened
    | EditDelta
    | EditClosed
    | EditFailed
    | AnswerWithdrawn
    | SegmentStarted
    | Usage
    | ContextCondensed
    | Withheld
    | VersionSaved
    | RunFinished
    | RunFailed
    | BuildEvent,
    Field(discriminator="type"),
]


class Frame(Schema):
    """One numbered event of one run's log. `at` is milliseconds since the run was created."""

    run: str
    seq: int
    at: int
    event: Event

    @property
    def is_last(self) -> bool:
        return isinstance(self.event, RunFinished | RunFailed)


# ------------------------------------------------------------------------------------------ websocket


class Follow(Schema):
    """Client: send me every frame of `run` with `seq > after`, then go on live.

    `tells`: I say `run.seen` at least once for every 256 kB of messages; do not send more than I can take.
    """

    type: Literal["run.follow"] = "run.follow"
    run: Words
    after: int = Field(default=0, ge=0)
    tells: bool = False


class Seen(Schema):
    """Client: all frames of `run` up to `seq` have arrived."""

    type: Literal["run.seen"] = "run.seen"
    run: Words
    seq: int = Field(ge=0)


class Unfollow(Schema):
    type: Literal["run.unfollow"] = "run.unfollow"
    run: str


class Ping(Schema):
    """Client: are you still there? It keeps proxies from closing a silent connection, and finds dead ones."""

    type: Literal["ping"] = "ping"


class Watch(Schema):
    """Client: send me what is new in this conversation (one at a time), and count me among its people.

    `stamp` is that of the last news that came; the first news comes at once, unless it is the same.
    """

    type: Literal["conversation.watch"] = "conversation.watch"
    conversation: Words
    stamp: Words = ""


class Unwatch(Schema):
    type: Literal["conversation.unwatch"] = "conversation.unwatch"


type ClientMessage = Annotated[Follow | Seen | Unfollow | Watch | Unwatch | Ping, Field(discriminator="type")]
client_message: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)


class Refused(Schema):
    """Server: a client message was not accepted, or what was followed or watched may no longer be seen.

    `run` and `conversation` are both null when the message could not even be read.
    """

    type: Literal["refused"] = "refused"
    run: str | None
    conversation: str | None = None
    error: Problem


class Pong(Schema):
    """Server: the answer to a ping."""

    type: Literal["pong"] = "pong"


# ----------------------------------------------------------------------------------------------- HTTP


class Role(StrEnum):
    """What somebody is in a conversation. A writer's wishes and stops count as the owner's do; a viewer looks on."""

    OWNER = "owner"
    WRITER = "writer"
    VIEWER = "viewer"

    @property
    def may_write(self) -> bool:
        return self is not Role.VIEWER


class Person(Schema):
    """Somebody in a conversation. `key` tells people apart within it, and says nothing elsewhere."""

    key: str
    name: str  # empty for a guest


class Participant(Person):
    """Somebody who has the conversation open."""

    role: Role


class SharingInfo(Schema):
    """Where others come in: an address for each role whose link is on."""

    viewer: str | None
    writer: str | None


class ModelInfo(Schema):
    """A model that this person may choose."""

    id: int
    name: str
    model_id: str  # what the endpoint is asked for
    endpoint: str
    is_default: bool
    is_demo: bool  # the Demo reel: clips written by hand, no model is running
    sees_images: bool
    context_window: int  # tokens
    output_limit: int  # tokens
    price_input: float | None  # per million tokens
    price_output: float | None


class Sampling(Schema):
    """What a person may set for a run; an absent value leaves the endpoint's own default."""

    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, gt=0, le=1)
    max_tokens: int | None = Field(default=None, ge=1)
    seed: int | None = None
    system_prompt: Words | None = Field(default=None, max_length=20_000)


type Pixels = Annotated[float, Field(ge=-1_000_000, le=1_000_000, allow_inf_nan=False)]  # of CSS


class Point(Schema):
    x: Pixels
    y: Pixels


class Size(Schema):
    width: Pixels
    height: Pixels


class Box(Point, Size):
    """A rectangle, from the upper left corner of the window."""


class Place(Schema):
    """An element of the page that a wish refers to, as the page described it: shown as text, never trusted.

    `path` is a selector; ` >>> ` goes into a shadow root. `point` is where in the element, for a canvas or a drawing.
    """

    page: Line = Field(max_length=400)  # the document's own path among the files; empty for the first page
    path: Line = Field(min_length=1, max_length=600)
    tag: str = Field(pattern=r"^[a-z][a-z0-9:._-]{0,59}$")
    id: Line = Field(max_length=120)
    classes: list[Annotated[Line, Field(max_length=80)]] = Field(max_length=12)
    name: Line = Field(max_length=160)  # what assistive technology calls it
    text: Line = Field(max_length=240)  # the beginning of what can be read in it
    html: Line = Field(max_length=600)  # the beginning of its markup
    box: Box
    window: Size
    point: Point | None


class Wish(Schema):
    """What is asked, and where.

    A first wish has neither `conversation` nor `artifact`. `parent` is the run that this one follows; a
    sibling with the same parent is a branch (regenerate, edited prompt). `follows`: if others have asked after `parent`
    meanwhile, the wish goes on after what they asked for (without a parent: after the conversation's newest answer),
    and is no branch. `artifact` starts a conversation that goes on from that artifact's latest version, or from its
    `version` of that number; from a remix of it, if it is somebody else's. `images` are `data:` URLs (PNG, JPEG, WebP,
    GIF). `places` are what the wish points at, in the order of their numbers.
    """

    prompt: Words = Field(min_length=1, max_length=100_000, pattern=r"\S")
    conversation: Words | None = None
    parent: Words | None = None
    follows: bool = False
    artifact: Words | None = None
    version: int | None = Field(default=None, ge=1)
    images: list[str] = Field(default_factory=list, max_length=8)
    places: list[Place] = Field(default_factory=list, max_length=8)
    sampling: Sampling = Sampling()


class RunRequest(Wish):
    """Body of `POST /api/runs`.

    `continues` is a run that was cut: this one takes its wish and place, and begins with what it had received.
    """

    model: int | str | None = None  # a ModelInfo id, or its model_id or name
    kind: Literal["chat"] = "chat"
    continues: Words | None = None


class BuildRequest(Wish):
    """Body of `POST /api/runs` for a build. `checklist`: what the page has to do, as the person wants it.

    `places` and `sampling` but for `temperature` and `top_p` are of no use to it.
    """

    kind: Literal["build"]
    model: int | str | None = None
    checklist: list[Requirement] = Field(default_factory=list, max_length=30)
    engine: EngineName = "playground"
    limits: LimitsWish = LimitsWish()


class RaceRequest(Wish):
    """Body of `POST /api/races`: one wish to several models. `blind`: nobody learns which is which before the vote."""

    models: list[int | str] = Field(min_length=2, max_length=4)  # each as in RunRequest, and each only once
    blind: bool = False


class Vote(Schema):
    """Body of `POST /api/races/{id}/vote`. `run` is the best lane with the verdict "best", else null."""

    verdict: Literal["best", "tie", "bad"]
    run: Words | None = None


class Keep(Schema):
    """Body of `POST /api/races/{id}/keep`: the lane that becomes the version."""

    run: Words


class CondensationInfo(Schema):
    """What the model is told in place of a run and those before it. `is_outline`: the wishes alone."""

    summary: str
    runs: int
    saved: int  # tokens, estimated
    is_outline: bool


class ContextInfo(Schema):
    """How much of a model's window the next wish would use, in tokens. All but `window` and `counted` are estimated."""

    window: int
    answer: int  # kept free for the answer
    instructions: int
    conversation: int
    files: int
    counted: int | None  # of the latest answer's prompt, as its endpoint said
    can_condense: bool


class RunInfo(Schema):
    """A lane of a blind race shows no `model`, `usage`, `cost` and `finished_at` before the vote.

    While it is `queued`, its `parent` is not decided yet.
    """

    id: str
    kind: Literal["chat", "build"]
    build: BuildInfo | None  # of a build
    status: RunStatus
    conversation: str
    author: Person | None  # None: the account is gone
    parent: str | None
    prompt: str
    images: list[str]
    places: list[Place]
    model: str
    usage: Usage | None
    cost: float | None  # in the currency of the model's prices; None without prices
    error: Problem | None
    race: str | None
    artifact: str | None
    version: VersionRef | None
    condensation: CondensationInfo | None
    preview_url: str | None  # the page while it is being written; None for a build, whose files are shown by step
    created_at: datetime
    finished_at: datetime | None


class RaceInfo(Schema):
    """Several models at one wish. Each lane is a run; lanes become versions by being kept."""

    id: str
    conversation: str
    lanes: list[str]  # runs, from left to right; of a blind race in random order
    is_blind: bool
    is_veiled: bool  # blind, and not voted on yet
    verdict: Literal["best", "tie", "bad"] | None
    best: str | None
    kept: str | None  # the lane that was kept last: the conversation goes on from it


class RaceDetail(RaceInfo):
    runs: list[RunInfo]


class ConversationNews(Schema):
    """Server: how the conversation stands now. A whole state, not a change: of several, the last one counts.

    `runs` are those that are written or wait, in order; `begun` counts all that have ever begun. `changed` is another
    text when something else has changed that `GET /api/conversations/{id}` tells: a vote, an edit, a summary.
    """

    type: Literal["conversation.news"] = "conversation.news"
    conversation: str
    stamp: str
    title: str
    role: Role
    is_shared: bool  # some link is on
    people: list[Participant]
    runs: list[RunInfo]
    begun: int
    changed: str


class Batch(Schema):
    """A long poll's answer. On the websocket: frames that came together."""

    frames: list[Frame]
    news: list[ConversationNews]
    refused: list[Refused]


class ConversationInfo(Schema):
    """`role`: what the reader is in it. `me`: the reader's own key among its people. `owner`: the owner's name."""

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    artifact: str | None
    is_running: bool
    role: Role
    me: str
    owner: str


class EditedVersion(VersionRef):
    """A version that a person made, by editing or restoring, in place of the one before it."""

    before: int


class ConversationDetail(ConversationInfo):
    """A conversation and all of its runs, oldest first; the runs form a tree through `parent`."""

    runs: list[RunInfo]
    races: list[RaceInfo]
    edits: list[EditedVersion]  # of the conversation's artifact
    base: VersionRef | None  # the version that the first wish goes on from (a remix), if any


class FileInfo(Schema):
    path: str
    mime: str
    size: int  # bytes
    text: str | None = None  # None when not asked for
    base64: str | None = None  # instead of `text` for a file that is no UTF-8 text


class VersionInfo(VersionRef):
    maker: Literal["model", "hand", "remix", "restored", "published"]
    label: str
    prompt: str
    model: str
    author: str
    created_at: datetime
    files: list[FileInfo]


class FileChanges(Schema):
    """How many files are not as they were in the version before."""

    added: int
    changed: int
    removed: int


class VersionSummary(VersionRef):
    """A version in a list: who or what made it, without its files."""

    entry: str  # path of the file that is the page
    maker: Literal["model", "hand", "remix", "restored", "published"]
    label: str  # the name that its owner gave it, or empty
    prompt: str  # at most its first 400 characters
    model: str
    is_demo: bool
    author: str
    created_at: datetime
    parent: int | None  # the version of this artifact that it was made from
    source: VersionRef | None  # the version of another artifact that it is a remix of, if one may see that
    changes: FileChanges | None  # against what it was made from, if anything
    picture: str  # where its picture is; 404 as long as there is none


class VersionPage(Schema):
    """A stretch of an artifact's versions, newest first. The next one is asked for with `before`, unless None."""

    versions: list[VersionSummary]
    newest: int
    before: int | None
    is_mine: bool


class FilmLook(Schema):
    """From frame `seq` on, the page is another one. `streams`: it is being written. `step`: of a build, after it."""

    seq: int
    streams: bool = False
    step: int | None = None


class FilmChapter(Schema):
    """How a version was made. Without `frames` nothing is known of that; `is_forgotten`: no more.

    `frames` are those of the log that everybody may see, numbered from 1, with `at` in milliseconds of the film, which
    is `length` long. First the prompt is typed, for `typing` milliseconds; that comes before. `recorded`: how many it
    took in truth. `page_url`: the page as it was after frame 7 is at `7x0/` below it; at `7x200/` it goes on from there
    at twice the pace.
    """

    version: VersionSummary
    prompt: str
    kind: Literal["answer", "build", "still"]
    is_forgotten: bool
    typing: int
    length: int
    recorded: int | None
    frames: list[Frame]
    looks: list[FilmLook]
    page_url: str | None


class FilmInfo(Schema):
    """The making of a version, from the first one that it goes back to; `earlier`: there are some before that."""

    title: str
    chapters: list[FilmChapter]
    earlier: int | None


class FilmStep(Schema):
    """A build as it stood after a step."""

    files: list[FileInfo]
    frame_url: str | None


class Branch(Schema):
    """Body of `POST …/replay/branch`: go on from the film's frame `seq`; of a build, from the step that it shows."""

    seq: int = Field(ge=0)
    model: int | str | None = None


class Branched(Schema):
    """Where it goes on. No `run`: the version was whole there, and waits for a wish."""

    conversation: str
    run: str | None


class ArtifactInfo(Schema):
    id: str
    title: str
    description: str
    visibility: Literal["private", "link", "public"]
    url: str
    frame_url: str  # of the latest version
    version: int  # number of the latest version
    is_mine: bool
    versions: list[VersionRef]  # newest first
    allowed_hosts: list[str]  # beyond its own, that its owner lets it reach
    embed: str | None  # HTML that shows it in a page of another site; None where not everybody may open it
    has_password: bool  # who has its address needs that, too
    expires_at: datetime | None  # from then on its owner alone may open it
    created_at: datetime


class GalleryStanding(Schema):
    """How one's own artifact stands with the gallery. `words`: the state in the reader's language."""

    state: Literal["none", "submitted", "accepted", "declined", "hidden"]
    words: str
    reason: str  # why it was declined or taken down
    needs_account: bool  # a guest cannot submit


class GalleryEntry(Schema):
    artifact: str
    title: str
    author: str
    wish: str  # that it began with
    url: str
    picture: str | None  # WebP, 640 by 400 pixels
    film: str | None  # WebP in motion, 320 by 200 pixels; None where nothing moves
    tags: list[str]  # slugs
    collections: list[str]  # slugs
    views: int  # people who opened it
    remixes: int  # people who made something of it
    accepted_at: datetime


class GalleryPage(Schema):
    entries: list[GalleryEntry]
    page: int  # from 1
    pages: int
    total: int


class CheckProblem(Schema):
    """What the page reported itself. `line` is 0 where it is not known."""

    kind: Literal["exception", "failed", "console"]
    text: str
    path: str
    line: int
    column: int


class CheckInfo(Schema):
    """What is known of a version. While it is checked again, what was found before stays.

    `state` "none": it was never asked for. `words` is the verdict for people, `why` and `install` (a command) tell why
    there is none.
    """

    state: Literal["none", "queued", "running", "done"]
    verdict: Literal["works_well", "usable", "broken", "not_verified"]
    words: str
    why: str = ""
    install: str = ""
    gates: list[CheckGate] = []
    problems: list[CheckProblem] = []
    numbers: dict[str, float] = {}
    pictures: CheckPictures = CheckPictures()
    level: str = ""  # how the browser was locked in
    browser: str = ""
    seed: int = 1
    seconds: float | None = None  # that the check took
    checked_at: datetime | None = None


class ArtifactRequest(Schema):
    """Body of `POST /api/artifacts`. A file is text, or base64 when it starts with `base64:`."""

    title: Words = Field(default="", max_length=200)
    files: dict[str, str] = Field(min_length=1, max_length=200)
    visibility: Literal["private", "link", "public"] = "link"


class DraftInfo(Schema):
    """What the owner of an artifact has changed by hand in version `base` and not saved yet.

    `newest` is the newest version that stems from the base: saving lays the changes on top of it. `frame_url` shows the
    draft as a page.
    """

    artifact: str
    base: int
    newest: int
    revision: int
    entry: str
    frame_url: str
    files: list[FileInfo]


class DraftRequest(Schema):
    """Body of `PUT /api/artifacts/{id}/draft`: `moves` are done first, then `files` laid over; null deletes.

    `revision` is that of the draft as it was last read, 0 for none yet; `base` counts for a new one only.
    """

    base: int
    revision: int
    files: dict[str, str | None] = Field(default_factory=dict, max_length=200)
    moves: dict[str, str] = Field(default_factory=dict, max_length=200)


class ConflictPlace(Schema):
    """Lines that the base had, and what both sides made of them."""

    base: str
    mine: str
    theirs: str


class ConflictInfo(Schema):
    """A file that was changed on both sides. Without `pieces`, only one side's file as a whole can be taken."""

    path: str
    pieces: list[str | ConflictPlace]
    mine: bool  # whether it is there on that side, or deleted
    theirs: bool


class ConflictDecision(Schema):
    """What is taken of a conflict: a side, or a text."""

    side: Literal["mine", "theirs"] | None = None
    text: Words | None = None


class DraftSave(Schema):
    """Body of `POST /api/artifacts/{id}/draft/save`: `decisions` by path, about conflicts with version `onto`."""

    revision: int
    onto: int | None = None
    decisions: dict[str, ConflictDecision] = Field(default_factory=dict)


class DraftSaved(Schema):
    """The version; or the conflicts with version `onto`, and nothing was saved."""

    version: EditedVersion | None
    onto: int
    conflicts: list[ConflictInfo]


class UserInfo(Schema):
    name: str  # e-mail address, or empty for a guest
    is_guest: bool
    is_staff: bool


class DemoInfo(Schema):
    """A clip of the Demo reel, offered as a wish to start from."""

    slug: str
    title: str
    prompt: str
    url: str | None  # permalink of the finished page


class Bootstrap(Schema):
    """What the workbench page needs at its start; the page carries it as JSON."""

    user: UserInfo | None  # None before the first wish of a guest
    models: list[ModelInfo]
    demos: list[DemoInfo]
    conversation: ConversationDetail | None
    default_system_prompt: str
    language: str
    languages: dict[str, str]  # code -> its own name
    network: Literal["owners", "listed", "nobody"]  # who may allow pages to reach other hosts
    network_hosts: list[str]  # with "listed": the hosts that owners may choose from
    heartbeat: int  # seconds: a connection is not silent for longer
    join: str | None  # the token of the shared conversation that the page was opened with
    wish: str  # to be filled in, and not sent: the address that was followed may be anybody's


# ------------------------------------------------------------------------------------------- takeout

_NAME = "[A-Za-z0-9_-][A-Za-z0-9._-]*"
_BRANCH = f"{_NAME}(?:/{_NAME})*"
Token = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[!-~]+$")]  # used once, never kept


class TakeoutServices(Schema):
    """Where versions may be pushed to: for each, where a token for it is made. None: this playground does not."""

    github: str | None
    huggingface: str | None


class TakeoutInfo(Schema):
    """A version as one HTML file. `outside`: what it cannot hold (addresses and hosts elsewhere, other pages)."""

    size: int  # bytes
    outside: list[str]


class GithubPush(Schema):
    """Body of `POST …/push/github`. `repository` may go without its owner; the default branch if none."""

    token: Token
    repository: str = Field(pattern=f"^(?:[A-Za-z0-9-]+/)?{_NAME}$", max_length=140)
    create: bool = False
    private: bool = False
    branch: str = Field(default="", pattern=f"^(?:{_BRANCH})?$", max_length=200)
    message: Words = Field(default="", max_length=500)


class HuggingFacePush(Schema):
    """Body of `POST …/push/huggingface`. The Space is created where it is not there."""

    token: Token
    space: str = Field(pattern=f"^{_NAME}/{_NAME}$", max_length=200)
    private: bool = False


class Pushed(Schema):
    """`url`: where it is now. `left_out`: sources that the service takes only otherwise; the page holds them."""

    url: str
    commit: str
    left_out: list[str]


# ----------------------------------------------------------------------------------------- generation

SENT: tuple[type[Schema], ...] = (
    Frame,
    Refused,
    Pong,
    ConversationNews,
    SharingInfo,
    Batch,
    RunInfo,
    ContextInfo,
    RaceDetail,
    ConversationInfo,
    ConversationDetail,
    VersionInfo,
    VersionPage,
    FilmInfo,
    FilmStep,
    Branched,
    ArtifactInfo,
    CheckInfo,
    DraftInfo,
    DraftSaved,
    Bootstrap,
    TakeoutServices,
    TakeoutInfo,
    Pushed,
    GalleryStanding,
    *BUILD_SENT,
)
RECEIVED: tuple[type[Schema], ...] = (
    Follow,
    Seen,
    Unfollow,
    Watch,
    Unwatch,
    Ping,
    RunRequest,
    BuildRequest,
    RaceRequest,
    Vote,
    Keep,
    Branch,
    ArtifactRequest,
    GithubPush,
    HuggingFacePush,
    DraftRequest,
    DraftSave,
    *BUILD_RECEIVED,
)


def json_schema() -> dict[str, object]:
    """One JSON schema with a definition for each wire type: as we send it, or as we accept it."""
    sent: list[tuple[type[BaseModel], JsonSchemaMode]] = [(wire_type, "serialization") for wire_type in SENT]
    received: list[tuple[type[BaseModel], JsonSchemaMode]] = [(wire_type, "validation") for wire_type in RECEIVED]
    _, schema = models_json_schema(sent + received)
    for definition in schema["$defs"].values():
        for field in definition.get("properties", {}).values():
            field.pop("title", None)  # else each field becomes a named type
            field.pop("minItems", None)  # else a list is a tuple there
            if "$ref" in field:
                field.pop("default", None)  # else each becomes a type of its own
    wire = {wire_type.__name__: {"$ref": f"#/$defs/{wire_type.__name__}"} for wire_type in SENT + RECEIVED}
    return {
        "title": "Wire",
        "type": "object",
        "properties": wire,
        "required": list(wire),
        "additionalProperties": False,
        "$defs": schema["$defs"],
    }


if __name__ == "__main__":
    print(json.dumps(json_schema(), indent=2))
