"""Blocks, headings and code of a body, gathered in one pass over its block tokens."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from node.authoring.body.block_rule import CLOSE, OPEN
from node.authoring.body.fence import Fence
from node.authoring.body.slug import Ids, plain, slug
from node.authoring.document import Block, Code, Heading, Span
from node.authoring.vocabulary import TEXT

_TEXT_FENCE = Fence("open", 0, name=TEXT)


@dataclass(slots=True, eq=False)
class Draft:
    """A block while its end and its id are not known yet."""

    fence: Fence
    line: int
    heading: str
    depth: int = 0
    parent: "Draft | None" = None
    end_line: int = 0
    items: list[Span] = field(default_factory=list)
    list_level: int | None = None  # of its first ordered list; -1 once that has ended
    id: str = ""

    @property
    def kind(self) -> str:
        """The kind of the fence that it stands in, `text` outside of any."""
        return TEXT if self.fence is _TEXT_FENCE else self.fence.kind


@dataclass(slots=True)
class Outline:
    """Feed it every token in order, then `finish`. `offset` is the number of lines above the body in the file."""

    offset: int
    drafts: list[Draft] = field(default_factory=list)
    headings: list[tuple[int, str, int]] = field(default_factory=list)  # level, inline source, line
    code: list[Code] = field(default_factory=list)
    _open: list[Draft] = field(default_factory=list)
    _text: Draft | None = None

    def take(self, token: Token, inline: str) -> None:
        """`inline` is the content of the token behind this one."""
        kind = token.type
        if kind == OPEN:
            self._begin(token)
        elif kind == CLOSE:
            self._end(token)
        elif kind == "heading_open":
            self._heading(token, inline)
        elif token.level == 0 and token.map and not self._open:
            self._text_goes_on(self._line(token))
        if kind in ("ordered_list_open", "ordered_list_close", "list_item_open"):
            self._item(token)
        elif kind in ("fence", "code_block") and token.map:
            self._code(token, token.map)

    def finish(self, last: int) -> None:
        """Close what is open; `last` is the last line of the file."""
        self._end_text(last)
        for draft in self._open:
            draft.end_line = last

    def _line(self, token: Token) -> int:
        return (token.map[0] if token.map else 0) + 1 + self.offset

    def _current(self) -> str:
        return self.headings[-1][1] if self.headings else ""

    def _add(self, draft: Draft) -> Draft:
        self.drafts.append(draft)
        return draft

    def _begin(self, token: Token) -> None:
        line = self._line(token)
        self._end_text(line - 1)
        parent = self._open[-1] if self._open else None
        draft = Draft(token.meta["fence"], line, self._current(), len(self._open), parent)
        self._open.append(self._add(draft))

    def _end(self, token: Token) -> None:
        draft = self._open.pop()
        end = self._line(token) if "implied" not in token.meta else token.meta["line"] + self.offset
        draft.end_line = max(draft.line, end)  # a block that shares its only line with a footnote ends on it

    def _heading(self, token: Token, inline: str) -> None:
        line = self._line(token)
        outside = token.level == 0 and not self._open
        if outside:
            self._end_text(line - 1)
        self.headings.append((int(token.tag[1:]), inline, line))
        if outside:
            self._text_goes_on(line)

    def _text_goes_on(self, line: int) -> None:
        if self._text is None:
            self._text = self._add(Draft(_TEXT_FENCE, line, self._current()))

    def _end_text(self, last: int) -> None:
        if self._text is not None:
            self._text.end_line = max(self._text.line, last)
            self._text = None

    def _item(self, token: Token) -> None:
        """Steps: the items of the first ordered list of the innermost block."""
        draft = self._open[-1] if self._open else self._text
        if draft is None:
            return
        if token.type == "ordered_list_open" and draft.list_level is None:
            draft.list_level = token.level
        elif token.type == "ordered_list_close" and token.level == draft.list_level:
            draft.list_level = -1
        elif token.type == "list_item_open" and draft.list_level == token.level - 1 and token.map:
            draft.items.append((self._line(token), token.map[1] + self.offset))

    def _code(self, token: Token, span: Iterable[int]) -> None:
        first, last = span
        language = token.info.split(maxsplit=1)[0].strip("{}.") if token.info.strip() else ""
        self.code.append(Code(language, first + 1, last))


def blocks_of(drafts: list[Draft]) -> tuple[tuple[Block, ...], list[Draft]]:
    """Finished blocks in the order of their beginning; and those whose own id was already another's.

    A derived id is made of the kind and the heading above, so that it survives edits of the text and edits elsewhere.
    """
    ids = Ids()
    refused = [draft for draft in drafts if draft.fence.id and not ids.take(draft.fence.id)]
    below = {heading: (slug(heading), plain(heading)) for heading in {draft.heading for draft in drafts}}
    for draft in drafts:
        own = draft.fence.id if draft not in refused else ""
        draft.id = own or ids.give("-".join(filter(None, (draft.kind, below[draft.heading][0]))))
    return tuple(_block(draft, below[draft.heading][1]) for draft in drafts), refused


def _block(draft: Draft, heading: str) -> Block:
    fence, kind = draft.fence, draft.kind
    return Block(
        id=draft.id,
        kind=kind,
        name=fence.name or kind,
        line=draft.line,
        end_line=draft.end_line,
        classes=fence.classes,
        attributes=fence.attributes,
        title=fence.title,
        depth=draft.depth,
        parent=draft.parent.id if draft.parent else None,
        explicit_id=draft.id == fence.id,
        items=tuple(draft.items),
        heading=heading,
    )


def headings_of(found: Iterable[tuple[int, str, int]], blocks: Iterable[Block]) -> Iterator[Heading]:
    """Headings with ids that no block has."""
    ids = Ids()
    for block in blocks:
        ids.take(block.id)
    for level, inline, line in found:
        yield Heading(level, plain(inline) or inline.strip(), ids.give(slug(inline)), line)
