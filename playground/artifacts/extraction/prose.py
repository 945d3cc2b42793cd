import re

from playground.artifacts.extraction import calls, containers, edit_blocks, edits, fences, reasoning
from playground.artifacts.extraction.blocks import PAGE, SVG, FileBlock, Name, TaggedBlock
from playground.artifacts.extraction.containers import Container
from playground.artifacts.extraction.heads import HeadBlock
from playground.artifacts.extraction.modes import Mode, Move, Next
from playground.artifacts.extraction.names import read_heading
from playground.artifacts.extraction.output import Output
from playground.artifacts.extraction.reasoning import find_lone_end, line_of, may_end
from playground.artifacts.extraction.source import Source, held_back

_END_TAGS = ("antartifact", "artifact", "boltartifact", "boltaction", "file", "tool_call", "function", "edit")
_END_TOKENS = (*(f"</{tag}>" for tag in _END_TAGS), ":::")
_END = re.compile(rf"[ \t]*(?:</(?:{'|'.join(_END_TAGS)})>|:{{3,}}(?=[ \t]*(?:\n|\Z)))[ \t]{{0,20}}\n?", re.IGNORECASE)
_INLINE = re.compile(
    r"<(?:antartifact|boltartifact|boltaction)(?=[\s>])|<tool_call>|`{3,}[^`\n]{0,200}\n?\Z", re.IGNORECASE
)
_INLINE_TOKENS = ("<antartifact ", "<boltartifact ", "<boltaction ", "<tool_call>", "```")
_LONGEST_PREAMBLE = 400  # comments and declarations before a page that came without a fence
_PREAMBLE = re.compile(r"(?>\s+|<!--(?>.*?-->)|<\?xml[^>]*>|<!doctype svg[^>]*>)*+", re.IGNORECASE | re.DOTALL)
_LONG_BLANK = re.compile(r"[ \t]{200}")  # behind so much nothing begins
_ROOTS = ("<!doctype html", "<html", "<svg")
_PREAMBLES = ("<!--", "<?xml", "<!doctype svg")


class Prose(Mode):
    """Between the blocks: Markdown for people, a line at a time, in which blocks begin."""

    @property
    def is_open(self) -> bool:
        return False

    def __init__(self) -> None:
        self._container: Container | None = None  # the fence that comes next is its file
        self._is_in_edit = False
        self._is_wrapped = False  # a container or call was opened, so that its end tag is structure

    def step(self, source: Source, output: Output) -> Next:
        if self._container and not source.is_inside_line:
            return self._step_container(source, output, self._container)
        if source.is_inside_line or _LONG_BLANK.match(source.rest):
            return self._pass(source, output)
        if not source.is_end and self._may_be_structure(source):
            return Move.WAIT
        return self._open(source, output) or self._pass(source, output)

    def _may_be_structure(self, source: Source) -> bool:
        """Whether what begins here may become a block when more comes."""
        rest = source.rest
        start = rest.lstrip(" \t")
        return (
            (not source.is_whole and _may_be_line(rest, start))
            or (self._is_wrapped and _may_be_end(rest, start))
            or (self._is_in_edit and edit_blocks.may_be_tag(start))
            or containers.may_be_container(rest)
            or calls.may_open(start)
            or _may_be_bare_root(start)
        )

    # ---------------------------------------------------------------------------------- what begins here

    def _open(self, source: Source, output: Output) -> Next | None:
        start = source.rest.lstrip(" \t")
        blank = len(source.rest) - len(start)
        if length := reasoning.opening_length(start):
            source.skip(blank + length)
            return reasoning.Reasoning()
        if (end := _END.match(source.rest)) and self._is_wrapped:
            source.skip(end.end())
            return Move.STAY
        if opening := calls.read_opening(start):
            source.skip(blank + len(opening.text))
            self._is_wrapped = True
            return opening.call()
        if self._is_in_edit and (old := edit_blocks.read_old(start)):
            source.skip(blank + old.end())
            return edit_blocks.TaggedEdit(output, output.edited, old[1])
        if container := containers.read_container(source.rest):
            return self._open_container(source, output, container)
        return self._open_line(source, output, source.piece)

    def _open_line(self, source: Source, output: Output, piece: str) -> Next | None:
        if edits.is_opening(piece) and source.is_whole:
            return self._open_edit(source, output, piece)
        if (name := _read_bare(source.rest)) and _may_be_bare(source.rest, output):
            return FileBlock(output, name, None)
        fence = fences.read_opening(piece) if source.is_whole else None
        return self._open_fence(source, output, piece, fence) if fence else None

    def _open_fence(self, source: Source, output: Output, piece: str, fence: fences.Fence) -> Next:
        if output.owes_fence and not fence.info.strip():
            source.take(len(piece))
            output.owes_fence, output.wrapping = False, None
            return Move.STAY
        code = fence.code + "\n" if fence.code else ""
        source.take(len(piece))
        claimed = self._claim(fence)
        block = HeadBlock(fence, piece.removesuffix(code) + "\n" if code else piece, output, claimed)
        if code:
            source.give_back(code)
        return block

    def _open_edit(self, source: Source, output: Output, piece: str) -> Next:
        source.take(len(piece))
        path = edits.path_behind(piece) or read_heading(output.heading, "") or output.edited
        return edit_blocks.EditBlock(output, path, output.wrapping)

    # ---------------------------------------------------------------------------------------- containers

    def _open_container(self, source: Source, output: Output, container: Container) -> Next | None:
        if container.tag == "boltaction" and container.attributes.get("type", "file") != "file":
            return None
        if container.tag in ("file", "edit") and not container.read_path():
            return None
        source.skip(container.length)
        self._is_wrapped = True
        if container.is_edit:
            self._is_in_edit = True
            output.edited = container.read_path()
        elif not container.is_wrapper:
            self._container = container
        return Move.STAY

    def _step_container(self, source: Source, output: Output, container: Container) -> Next:
        """The file begins at once, or in a fence."""
        start = source.rest.lstrip()
        if "\n" not in start and not source.is_end and len(source.rest) < containers.LONGEST:
            return Move.WAIT
        if start and fences.read_opening(start.partition("\n")[0]):
            source.skip(len(source.rest) - len(start))
            fence = fences.read_opening(source.piece)
            assert fence
            return self._open_fence(source, output, source.piece, fence)
        self._container = None
        name = container.name(start[: containers.LONGEST])
        if name is None:
            output.add_prose(container.text)
            return Move.STAY
        if container.tag == ":::":
            return FileBlock(output, name, fences.Fence(":::"))
        return TaggedBlock(output, name, container.end)

    def _claim(self, fence: fences.Fence) -> Name | None:
        container, self._container = self._container, None
        if container is None:
            return None
        path = fence.read_info()[1]
        return None if path and not container.read_path() else container.name("")

    # --------------------------------------------------------------------------------------------- prose

    def _pass(self, source: Source, output: Output) -> Next:
        line = line_of(source, output.previous)
        tag = find_lone_end(line, anywhere=output.is_bare)
        inline = _INLINE.search(line.piece, 1 if line.is_start else 0)
        is_first = inline is not None and (tag is None or inline.start() < tag.start())
        if inline and is_first and (step := self._pass_inline(source, output, inline)):
            return step
        if tag:
            output.add_prose(source.rest[: tag.start()])
            source.skip(tag.end())
            return Move.WITHDRAW
        held = 0 if line.is_whole else max(may_end(line.piece), held_back(line.piece, *_INLINE_TOKENS))
        output.add_prose(source.take(len(line.piece) - held))
        return Move.WAIT if held else Move.STAY

    def _pass_inline(self, source: Source, output: Output, inline: re.Match[str]) -> Next | None:
        """A block that begins behind other text on its line."""
        is_fence = inline[0].startswith("`")
        if is_fence and source.is_whole and not fences.opens_inside_line(inline[0].strip().lstrip("`")):
            return None
        output.add_prose(source.take(inline.start()))
        if is_fence and not source.is_whole:
            return Move.WAIT
        source.skip(0)
        return Move.STAY


def _may_be_line(rest: str, start: str) -> bool:
    return fences.may_be_fence(rest) or edits.may_be_marker(rest) or reasoning.may_open(start)


def _may_be_end(rest: str, start: str) -> bool:
    if any(token.startswith(start.lower()) for token in _END_TOKENS):
        return True
    end = _END.match(rest)
    return end is not None and end.end() == len(rest) and not rest.endswith("\n")


def _may_be_bare_root(start: str) -> bool:
    """Comments and declarations may stand before a page that came without a fence."""
    start = start.lower()
    if len(start) >= _LONGEST_PREAMBLE:
        return False
    if start.startswith(_PREAMBLES):
        preamble = _PREAMBLE.match(start)
        behind = start[preamble.end() if preamble else 0 :]
        return any(root.startswith(behind) for root in _ROOTS) or behind.startswith("<!--") or _is_open(behind)
    return any(root.startswith(start) for root in (*_ROOTS, *_PREAMBLES)) or start in ("<!doctype", "<html", "<svg")


def _is_open(behind: str) -> bool:
    return behind.startswith(("<?xml", "<!doctype svg")) and ">" not in behind


def _read_bare(rest: str) -> Name | None:
    start = rest.lstrip(" \t")[:_LONGEST_PREAMBLE]
    if start[:1] != "<":
        return None
    if PAGE.match(start):
        return Name("index.html", "html")
    return Name("image.svg", "svg") if SVG.match(start) else None


def _may_be_bare(rest: str, output: Output) -> bool:
    """Not a template's page; and once there is a page, `<html` at a line's beginning is talk about it."""
    is_page = rest.lstrip()[:9].lower() == "<!doctype" or output.page is None
    return is_page and not output.is_program
