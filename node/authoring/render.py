"""Render a document's body to safe HTML, plain as signed or adapted for one worker."""

from collections.abc import Iterable, Mapping
from typing import Any

from markdown_it.token import Token

from node.authoring import limits
from node.authoring.body.balance import balance
from node.authoring.body.block_rule import CLOSE, OPEN
from node.authoring.body.markdown import block_tokens, finish_tokens, markdown
from node.authoring.document import Block, Document, ModuleDocument
from node.authoring.rendering.clean import clean
from node.authoring.rendering.prepare import fold_slots, mark_faded, mark_quizzes, mark_tasks
from node.authoring.rendering.renderer import Html
from node.authoring.rendering.view import Rendered, View, direction_of
from node.authoring.vocabulary import TEXT

PLAIN = View()


def render(document: Document, view: View = PLAIN) -> Rendered:
    """HTML of the body. Never raises; a document over the size limit gives its beginning as plain text."""
    offset = _lines_above(document)
    env: dict[str, Any] = {}
    if len(document.source) > limits.SOURCE_CHARACTERS:
        return _too_long(document)
    tokens = mark_tasks(balance(block_tokens(document.body, env), document.body.count("\n") + 1).tokens)
    tokens = finish_tokens(tokens, env)
    for token in tokens:
        if token.type == "inline" and token.children:
            token.children = fold_slots(token.children)
    mark_quizzes(tokens)
    if view.mode == "adapted" and view.steps:
        mark_faded(tokens, _faded(document, view, offset))
    renderer = Html(
        markdown().renderer.rules,  # type: ignore[attr-defined]  # the HTML renderer has rules
        view,
        {block.line - 1 - offset: block for block in document.blocks if block.kind != TEXT},
        {heading.line - 1 - offset: heading for heading in document.headings},
        _slot_words(document, view),
    )
    pieces = _in_view_order(_pieces(tokens, document.blocks, offset), view)
    html = "".join(_piece(renderer, block, part, env) for block, part in pieces)
    renderer.forget()
    headings = tuple(
        (min(heading.level + view.heading_shift, 6), heading.text, heading.id) for heading in document.headings
    )
    return Rendered(clean(html), headings, document.language, direction_of(document.language))


def _lines_above(document: Document) -> int:
    parts = document.parts
    above = parts.head + parts.yaml + parts.tail
    return above.count("\n") + above.replace("\r\n", "\n").count("\r") if parts.tail else 0


def _pieces(tokens: list[Token], blocks: Iterable[Block], offset: int) -> list[tuple[Block | None, list[Token]]]:
    """Tokens by outer block; what has no place of its own (footnotes) comes last with None."""
    begins = {block.line - 1 - offset: block for block in blocks if block.parent is None}
    pieces: list[tuple[Block | None, list[Token]]] = []
    depth = 0  # of blocks around the token
    for token in tokens:
        outermost = depth == 0 and token.level == 0
        if outermost and token.map and token.map[0] in begins and token.type != CLOSE and token.nesting >= 0:
            pieces.append((begins[token.map[0]], []))
        elif (outermost and token.type == "footnote_block_open") or not pieces:
            pieces.append((None, []))
        pieces[-1][1].append(token)
        depth += (token.type == OPEN) - (token.type == CLOSE)
    return pieces


def _in_view_order(
    pieces: list[tuple[Block | None, list[Token]]], view: View
) -> list[tuple[Block | None, list[Token]]]:
    """Blocks named in the view's order take, in that order, the places that these blocks had."""
    if view.mode == "plain" or not view.order:
        return pieces
    named = {block.id: (block, part) for block, part in pieces if block is not None and block.id in set(view.order)}
    queue = iter([named[block_id] for block_id in dict.fromkeys(view.order) if block_id in named])
    return [next(queue) if block is not None and block.id in named else (block, part) for block, part in pieces]


def _piece(renderer: Html, block: Block | None, tokens: list[Token], env: dict[str, Any]) -> str:
    html = renderer.render(tokens, markdown().options, env) + renderer.end_raw()
    return renderer.wrap(block, html) if block is not None and block.kind == TEXT else html


def _faded(document: Document, view: View, offset: int) -> frozenset[int]:
    return frozenset(
        first - 1 - offset
        for block in document.blocks
        if block.id in view.steps
        for first, _ in block.items[max(view.steps[block.id], 0) :]
    )


def _slot_words(document: Document, view: View) -> Mapping[str, str]:
    """The worker's words, as far as the author declared them."""
    if view.mode == "plain" or not isinstance(document, ModuleDocument):
        return {}
    words: dict[str, str] = {}
    for name, slot in document.slots.items():
        values = slot.get("values")
        allowed = [str(value) for value in values] if isinstance(values, list) else []
        wish = view.slots.get(name)
        if wish is not None and wish in (*allowed, str(slot.get("default", ""))):
            words[name] = wish
    return words


def _too_long(document: Document) -> Rendered:
    from html import escape

    beginning = escape(document.body[:10_000].encode("utf-8", "replace").decode())
    return Rendered(clean(f"<pre>{beginning}…</pre>"), (), document.language, direction_of(document.language))
