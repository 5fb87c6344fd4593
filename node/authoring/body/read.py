"""Read a body: its blocks, headings, code and links, each with its place in the file."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from markdown_it.token import Token

from node.authoring import limits
from node.authoring.body.balance import Balanced, balance
from node.authoring.body.block_rule import TOO_MANY
from node.authoring.body.links import find_links, mask_code
from node.authoring.body.markdown import outline_tokens
from node.authoring.body.outline import Draft, Outline, blocks_of, headings_of
from node.authoring.document import Block, Body, Code, Link
from node.authoring.lines import LineTable
from node.authoring.problems import Problem, Severity

_END = Token("end", "", 0)


def read_body(body: str, path: str, offset: int) -> Body:
    """Read the body of a document; `offset` is the number of lines above it in the file. Never raises."""
    env: dict[str, Any] = {}
    lines = LineTable(body)
    balanced = balance(outline_tokens(body, env), len(lines))
    outline = Outline(offset)
    for token, following in pairwise([*balanced.tokens, _END]):
        outline.take(token, following.content)
    outline.finish(len(lines) + offset)
    blocks, refused = blocks_of(outline.drafts)
    masked = mask_code(body, lines, outline.code)
    references = {label: entry["href"] for label, entry in env.get("references", {}).items()}
    return Body(
        blocks=blocks,
        headings=tuple(headings_of(outline.headings, blocks)),
        links=tuple(_links_in_file(find_links(body, masked, lines, references), offset, blocks)),
        code=tuple(Code(code.language, code.line + offset, code.end_line + offset) for code in outline.code),
        masked=masked,
        has_maths="$" in masked,
        problems=(*_fence_problems(path, balanced, env, offset), *(_same_id(path, draft) for draft in refused)),
    )


def _links_in_file(links: list[Link], offset: int, blocks: tuple[Block, ...]) -> Iterator[Link]:
    """With lines of the file, and the innermost block around each."""
    inside = ""
    waiting = list(reversed(blocks))
    open_blocks: list[Block] = []
    for link in links:
        line = link.line + offset
        while waiting and waiting[-1].line <= line:
            open_blocks.append(waiting.pop())
        while open_blocks and open_blocks[-1].end_line < line:
            open_blocks.pop()
        inside = open_blocks[-1].id if open_blocks else ""
        yield replace(link, line=line, block=inside)


def _fence_problems(path: str, balanced: Balanced, env: dict[str, Any], offset: int) -> Iterator[Problem]:
    error: Severity = "error"
    for line in balanced.unclosed:
        message = "this block is not closed; end it with a line of “:::”"
        yield Problem(path, line + 1 + offset, 1, "unclosed-block", error, message)
    for line in () if TOO_MANY in env else balanced.stray:
        yield Problem(path, line + 1 + offset, 1, "stray-fence", error, "this “:::” closes no block")
    if TOO_MANY in env:
        message = f"more than {limits.BLOCK_DEPTH} blocks within one another, or more than {limits.BLOCKS} in all"
        yield Problem(path, env[TOO_MANY] + 1 + offset, 1, "too-many-blocks", error, message)


def _same_id(path: str, draft: Draft) -> Problem:
    message = f"“{draft.fence.id}” is already the id of another block"
    return Problem(path, draft.line, 1, "duplicate-id", "error", message, draft.fence.id)
