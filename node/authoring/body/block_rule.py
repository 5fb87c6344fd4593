"""The Markdown parser's rule for blocks: each fence line becomes one token, without recursion.

Opening and closing are matched afterwards (`balance`), so that ten thousand nested blocks cost ten thousand tokens
and no stack.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from node.authoring import limits
from node.authoring.body.fence import find_fence

OPEN = "block_open"
CLOSE = "block_close"
_DEPTH = "block_depth"
_COUNT = "block_count"
TOO_MANY = "blocks_refused"  # env: first line (from 0) of a block that went over the limits


def use_blocks(md: MarkdownIt) -> None:
    """Add the rule to a parser."""
    interrupts = ["paragraph", "reference", "blockquote", "list", "footnote_def"]
    md.block.ruler.before("fence", "skillnet_block", _rule, {"alt": interrupts})


def _rule(state: StateBlock, line: int, _end_line: int, silent: bool) -> bool:
    start = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith(":::", start) or state.is_code_block(line):
        return False
    fence = find_fence(state.src[start : state.eMarks[line]])
    if fence is None or not _within_limits(state, fence.role, line):
        return False
    if silent:
        return True
    depth = state.env.get(_DEPTH, 0)
    opens = fence.role == "open"
    state.env[_DEPTH] = depth + 1 if opens else max(depth - 1, 0)
    state.env[_COUNT] = state.env.get(_COUNT, 0) + 1
    token = state.push(OPEN if opens else CLOSE, "section", 0)
    token.map = [line, line + 1]
    token.meta = {"fence": fence}
    token.markup = ":" * fence.colons
    state.line = line + 1
    return True


def _within_limits(state: StateBlock, role: str, line: int) -> bool:
    deep = role == "open" and state.env.get(_DEPTH, 0) >= limits.BLOCK_DEPTH
    if deep or state.env.get(_COUNT, 0) >= 2 * limits.BLOCKS:
        state.env.setdefault(TOO_MANY, line)
        return False
    return True
