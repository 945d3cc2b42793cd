from typing import Annotated, Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Router, Status
from pydantic import Discriminator, Tag

from playground import protocol as wire
from playground.accounts.api_auth import ApiRequest, address_of
from playground.accounts.quotas import check_may_start
from playground.accounts.services import ensure_user
from playground.artifacts.addresses import signed_url
from playground.artifacts.blobs import read_blob
from playground.artifacts.files import read_file
from playground.artifacts.presenting import file_info
from playground.artifacts.trees import put_tree
from playground.builds import services
from playground.builds.checklist import propose
from playground.builds.engines import find_engines
from playground.builds.journal import has_picture, read_steps
from playground.builds.means import known_means
from playground.builds.models import Build, Message
from playground.builds.presenting import limits_info
from playground.builds.publishing import stored_files
from playground.errors import BadInput, NotFound
from playground.runs import services as runs
from playground.runs.condensing import charge_model
from playground.runs.models import Run
from playground.runs.presenting import run_info
from playground.runs.sharing import check_may_write

router = Router(tags=["builds"])

_MOST = 200  # entries of one answer


def _kind(body: Any) -> str:
    given = body.get("kind") if isinstance(body, dict) else getattr(body, "kind", None)
    return "build" if given == "build" else "chat"


AnyRequest = Annotated[
    Annotated[wire.RunRequest, Tag("chat")] | Annotated[wire.BuildRequest, Tag("build")], Discriminator(_kind)
]


@router.post("/runs", response={202: wire.RunInfo}, tags=["runs"])
async def start_run(request: ApiRequest, body: Body[AnyRequest]) -> Status[wire.RunInfo]:
    """Start a run: an answer, or a build. A visitor without an account becomes a guest with the first one."""
    user = await sync_to_async(ensure_user)(request)
    if isinstance(body, wire.BuildRequest):
        run = await services.start(user=user, address=address_of(request), request=body)
    else:
        run = await runs.start(user=user, address=address_of(request), request=body)
    return Status(202, await sync_to_async(run_info)(run))


@router.get("/builds", response=wire.BuildMeans)
def get_means(request: ApiRequest) -> wire.BuildMeans:
    return _means(request)


@router.put("/builds/notice", response=wire.BuildMeans)
def set_notice(request: ApiRequest, body: wire.BuildNotice) -> wire.BuildMeans:
    """Be told by e-mail when a build of yours is over, or not."""
    user = request.user
    if not user.pk or not user.email:
        raise BadInput("no_email", _("Sign in with an e-mail address to be told by e-mail."))
    user.mails_builds = body.mails
    user.save(update_fields=["mails_builds"])
    return _means(request)


@router.post("/builds/checklist", response=wire.ChecklistProposal)
async def propose_checklist(request: ApiRequest, body: wire.ChecklistRequest) -> wire.ChecklistProposal:
    """A model's list of what the wish asks for, to be edited before the start."""
    user = await sync_to_async(ensure_user)(request)
    model = await sync_to_async(services.choose_model)(user, body.model)
    await sync_to_async(check_may_start)(user, address_of(request))
    items, usage = await propose(model, body.prompt)
    if usage:
        await sync_to_async(charge_model)(user, address_of(request), model, [usage], kind="list")
    if not items:
        raise BadInput("no_checklist", _("The model gave no list. Write down yourself what you want to see."))
    return wire.ChecklistProposal(items=items)


@router.get("/runs/{run_id}/build", response=wire.BuildDetail)
def get_build(request: ApiRequest, run_id: str) -> wire.BuildDetail:
    return _detail(_run(request, run_id))


@router.get("/runs/{run_id}/build/steps", response=wire.BuildSteps)
def get_steps(request: ApiRequest, run_id: str, after: int = -1, limit: int = 100) -> wire.BuildSteps:
    return read_steps(_run(request, run_id).build, after, max(1, min(limit, _MOST)))


@router.get("/runs/{run_id}/build/files", response=wire.BuildFiles)
def get_files(request: ApiRequest, run_id: str, step: int | None = None) -> wire.BuildFiles:
    build = _run(request, run_id).build
    files = _files_at(build, step)
    return wire.BuildFiles(
        step=build.step if step is None else step, files=_listed(files), frame_url=_frame_url(build.pk, files)
    )


@router.get("/runs/{run_id}/build/file", response=wire.FileInfo)
def get_file(request: ApiRequest, run_id: str, path: str, step: int | None = None) -> wire.FileInfo:
    files = stored_files(
        {name: sha for name, sha in _files_at(_run(request, run_id).build, step).items() if name == path}
    )
    if path not in files:
        raise NotFound("file_not_found", _("There was no such file after this step."))
    return file_info(path, files[path], read_file(files[path]))


@router.get("/runs/{run_id}/build/pictures/{sha}")
def get_picture(request: ApiRequest, run_id: str, sha: str) -> HttpResponse:
    """WebP."""
    if not has_picture(_run(request, run_id).build, sha):
        raise NotFound("no_picture", _("There is no such picture."))
    headers = {"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(read_blob(sha), content_type="image/webp", headers=headers)


@router.post("/runs/{run_id}/build/stop", response={202: wire.BuildDetail})
async def stop_build(request: ApiRequest, run_id: str, body: wire.BuildStop) -> Status[wire.BuildDetail]:
    """Harmless on a build that is over. One that waits for an answer of its conversation is taken back."""
    run = await sync_to_async(_writable_run)(request, run_id)
    if run.status == wire.RunStatus.QUEUED:
        await runs.cancel(run)
        run.status = wire.RunStatus.CANCELLED
        return Status(202, await sync_to_async(_detail)(run))
    await services.stop(run, body.mode)
    return Status(202, await sync_to_async(lambda: _detail(_run(request, run_id)))())


@router.post("/runs/{run_id}/build/messages", response={201: wire.BuildMessage})
def steer_build(request: ApiRequest, run_id: str, body: wire.BuildSteer) -> Status[wire.BuildMessage]:
    """Told to the model before its next answer."""
    run = _writable_run(request, run_id)
    return Status(201, _message(services.steer(request.user, run, body.text)))


@router.post("/runs/{run_id}/build/fork", response={202: wire.RunInfo})
async def fork_build(request: ApiRequest, run_id: str, body: wire.BuildFork) -> Status[wire.RunInfo]:
    """A build beside this one, which goes on from the files and the plan as they were after a step."""
    run = await sync_to_async(_writable_run)(request, run_id)
    forked = await services.fork(user=request.user, address=address_of(request), run=run, body=body)
    return Status(202, await sync_to_async(run_info)(forked))


@router.post("/runs/{run_id}/build/rewind", response={202: wire.RunInfo})
async def rewind_build(request: ApiRequest, run_id: str, body: wire.BuildFork) -> Status[wire.RunInfo]:
    """The same, and this one is stopped first."""
    run = await sync_to_async(_writable_run)(request, run_id)
    forked = await services.fork(user=request.user, address=address_of(request), run=run, body=body, stops=True)
    return Status(202, await sync_to_async(run_info)(forked))


def _run(request: ApiRequest, run_id: str) -> Run:
    return services.find_build(request.user.pk, run_id)


def _writable_run(request: ApiRequest, run_id: str) -> Run:
    run = _run(request, run_id)
    check_may_write(request.user, run.conversation)
    return run


def _detail(run: Run) -> wire.BuildDetail:
    build = run.build
    return wire.BuildDetail(
        **build.info().model_dump(),
        files=_listed(build.files),
        frame_url=_frame_url(run.pk, build.files),
        messages=[_message(message) for message in build.messages.all()],
    )


def _files_at(build: Build, step: int | None) -> dict[str, str]:
    if step is None or step == build.step:
        return dict(build.files)
    state = services.state_at(build, step)
    return state.files if state else {}


def _listed(files: dict[str, str]) -> list[wire.BuildFile]:
    stored = stored_files(files)
    return [wire.BuildFile(path=path, sha=stored[path]["blob"], size=stored[path]["size"]) for path in sorted(stored)]


def _frame_url(run_id: str, files: dict[str, str]) -> str | None:
    return signed_url(run_id, f"tree/{put_tree(stored_files(files))}") if files else None


def _message(message: Message) -> wire.BuildMessage:
    return wire.BuildMessage(id=message.pk, text=message.text, told=message.is_told, created_at=message.created_at)


def _means(request: ApiRequest) -> wire.BuildMeans:
    known = known_means()
    user = request.user
    can_mail = settings.SENDS_MAIL and bool(user.pk and user.email)
    return wire.BuildMeans(
        is_known=known is not None,
        engines=[wire.EngineInfo.model_validate(each) for each in known["engines"]] if known else find_engines(),
        commands=bool(known and known["commands"]),
        level=str(known["level"]) if known else "",
        verifies=bool(known and known["verifies"]),
        limits=limits_info(services.cap_limits().model_dump()),
        can_mail=can_mail,
        mails=can_mail and user.mails_builds,
    )
