"""HTML blocks that end where our blocks end: CommonMark lets `<details>` run on to the next empty line, over fences."""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, html_block

from node.authoring.body.fence import find_fence

_RUNS_TO_ITS_END_TAG = ("<!--", "<script", "<pre", "<style", "<textarea", "<?", "<!")


def use_html_blocks(md: MarkdownIt) -> None:
    """Replace the parser's rule."""
    md.block.ruler.at("html_block", _rule, {"alt": ["paragraph", "reference", "blockquote"]})


def _rule(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    if not html_block(state, line, end_line, silent):
        return False
    if silent:
        return True
    token = state.tokens[-1]
    if token.content.lstrip().lower().startswith(_RUNS_TO_ITS_END_TAG):
        return True
    for later in range(line + 1, state.line):
        start = state.bMarks[later] + state.tShift[later]
        if state.src.startswith(":::", start) and find_fence(state.src[start : state.eMarks[later]]):
            token.map = [line, later]
            token.content = state.getLines(line, later, state.blkIndent, True)
            state.line = later
            break
    return True
