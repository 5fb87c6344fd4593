"""HTML blocks that end where our blocks end: CommonMark lets `<details>` run on to the next empty line, over fences."""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, html_block

from node.authoring.body.fence import find_fence

_RUNS_TO_ITS_END_TAG = ("<!--", "<script", "<pre", "<style", "<textarea", "<?", "<!")
_LONGEST = max(map(len, _RUNS_TO_ITS_END_TAG))


def use_html_blocks(md: MarkdownIt) -> None:
    """Replace the parser's rule."""
    md.block.ruler.at("html_block", _rule, {"alt": ["paragraph", "reference", "blockquote"]})


def _rule(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    start = state.bMarks[line] + state.tShift[line]
    if silent or state.src[start : start + _LONGEST].lower().startswith(_RUNS_TO_ITS_END_TAG):
        return html_block(state, line, end_line, silent)
    if not html_block(state, line, line + 1, silent):
        return False
    state.line = _end_of_block(state, line + 1, end_line)
    token = state.tokens[-1]
    token.map = [line, state.line]
    token.content = state.getLines(line, state.line, state.blkIndent, True)
    return True


def _end_of_block(state: StateBlock, line: int, end_line: int) -> int:
    """The first line that is empty, indented less, or a fence of ours."""
    for later in range(line, end_line):
        start, end = state.bMarks[later] + state.tShift[later], state.eMarks[later]
        if start >= end or state.sCount[later] < state.blkIndent:
            return later
        if state.src.startswith(":::", start) and find_fence(state.src[start:end]):
            return later
    return end_line
