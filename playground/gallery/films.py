"""The film of how an artifact came to be: a chapter for each version, from what the logs have kept."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from playground import protocol
from playground.accounts.models import User
from playground.artifacts.addresses import signed_url
from playground.artifacts.files import read_file
from playground.artifacts.listing import version_summary
from playground.artifacts.models import Maker, Version
from playground.artifacts.presenting import file_info
from playground.artifacts.trees import put_tree
from playground.builds.publishing import stored_files
from playground.builds.services import state_at
from playground.errors import NotFound
from playground.runs.footage import Footage, find_footage

MOST = 12  # chapters of one film
STILL = 3_000  # milliseconds for which a version is shown of which nothing more is known
_PER_CHARACTER = 22  # milliseconds that typing takes
_TYPING = (600, 3_000)  # at least, at most


def film_info(version: Version, user: User | None) -> protocol.FilmInfo:
    versions = list(versions_to(version))
    shown = versions[-MOST:]
    earlier = versions[-MOST - 1].number if len(versions) > MOST else None
    chapters = [_chapter(each, user) for each in shown]
    return protocol.FilmInfo(title=version.artifact.title, chapters=chapters, earlier=earlier)


def versions_to(version: Version) -> Sequence[Version]:
    """Those of the artifact that this one was made from, oldest first, and itself."""
    others = version.artifact.versions.select_related("artifact", "author", "parent__artifact")
    known = {each.pk: each for each in others.filter(number__lte=version.number)}
    line = [known[version.pk]]
    while line[-1].parent_id in known:
        line.append(known[line[-1].parent_id])
    return line[::-1]


def _chapter(version: Version, user: User | None) -> protocol.FilmChapter:
    footage = find_footage(version)
    frames = footage.film.frames
    is_answer = bool(frames) and not footage.is_build
    return protocol.FilmChapter(
        version=version_summary(version, user),
        prompt=version.prompt if version.maker in (Maker.MODEL, Maker.PUBLISHED) else "",
        kind="still" if not frames else "build" if footage.is_build else "answer",
        is_forgotten=footage.run is not None and not frames,
        typing=_typing(version.prompt) if frames else 0,
        length=footage.film.length if frames else STILL,
        recorded=footage.film.recorded,
        frames=list(frames),
        looks=footage.looks,
        page_url=_page_url(version) if is_answer else None,
    )


def _typing(prompt: str) -> int:
    least, most = _TYPING
    return min(max(len(prompt) * _PER_CHARACTER, least), most)


def _page_url(version: Version) -> str:
    return signed_url(version.artifact_id, f"film/{version.number}@{version.artifact.seal}")


def step_info(version: Version, step: int) -> protocol.FilmStep:
    """A build's files after a step that the film shows."""
    footage = find_footage(version)
    if not footage.run or not footage.is_build or not (step == 0 or any(look.step == step for look in footage.looks)):
        raise NotFound("step_not_found", _("There is no such step."))
    state = state_at(footage.run.build, step)
    files = stored_files(state.files) if state else {}
    return protocol.FilmStep(
        files=[file_info(path, file, read_file(file)) for path, file in files.items()],
        frame_url=_step_url(version, put_tree(files)) if files else None,
    )


def _step_url(version: Version, tree: str) -> str:
    return signed_url(version.artifact_id, f"step/{tree}/{version.number}@{version.artifact.seal}")


def step_at(footage: Footage, seq: int) -> int:
    """The step whose files a build's film shows at frame `seq`."""
    return max((look.step or 0 for look in footage.looks if look.seq <= seq), default=0)
