"""Rules of the library that look at the rest of a text again and again, kept from it: reading takes linear time.

What is found is the same, but for quotes in a text of which thousands of lines were looked at in vain.
"""

from bisect import bisect_right
from collections.abc import Callable

from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import StateBlock
from mdit_py_plugins.dollarmath.index import DOLLAR_EQNO_REV

from node.authoring import limits

Rule = Callable[[StateBlock, int, int, bool], bool]
_ENDS = "maths_ends"  # env: the lines that may end a block of maths
_IN_VAIN = "lines_looked_at_in_vain"  # env: by quotes, which look for their end before what is in them says where it is


class BoundedBlocks(ParserBlock):
    """Counts what quotes look at in vain."""

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803 - the parser's names
        """As the parser's own."""
        super().tokenize(state, startLine, endLine)
        if state.parentType == "blockquote":
            state.env[_IN_VAIN] = state.env.get(_IN_VAIN, 0) + endLine - state.line


def while_it_pays(rule: Rule) -> Rule:
    """A quote begins unless too much was looked at for others already: then it is text."""

    def guarded(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        return state.env.get(_IN_VAIN, 0) <= limits.LINES_IN_VAIN and rule(state, line, end, silent)

    return guarded


def if_it_ends(rule: Rule) -> Rule:
    """Maths over several lines is looked for only where a line below ends it."""

    def guarded(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        if _ENDS not in state.env:
            state.env[_ENDS] = [number for number, text in enumerate(state.src.split("\n")) if _ends_maths(text)]
        ends = state.env[_ENDS]
        after = bisect_right(ends, line)
        is_ended = after < len(ends) and ends[after] < end
        return rule(state, line, end if is_ended else line + 1, silent)

    return guarded


def _ends_maths(text: str) -> bool:
    text = text.strip()
    return text.endswith("$$") or (text.endswith(")") and "$$" in text and bool(DOLLAR_EQNO_REV.match(text[::-1])))
