"""Only the block rules that a line's first character allows are asked; the others would all say no.

The parser asks each of fourteen rules about every line, and about every line of a paragraph once more whether it ends
there. What is found is the same (tests/property): a third of the time is saved.
"""

from collections.abc import Callable, Mapping

from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock

from node.authoring.body.bounds import Rule, if_it_ends, while_it_pays

# Characters with which a line must begin for a rule; rules that are not named here are asked about every line.
_BEGINNINGS: Mapping[str, str] = {
    "math_block": "$",
    "skillnet_block": ":",
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*-+0123456789",
    "footnote_def": "[",
    "reference": "[",
    "html_block": "<",
    "heading": "#",
}
LOOKED_AHEAD = 32  # lines
_ALL = frozenset("".join(_BEGINNINGS.values()))
_UNDER_A_TABLES_HEAD = frozenset(first + second for first in "|-:" for second in "|-: \t") - {"- ", "-\t", "::"}


class ByFirstCharacter(Ruler[Rule]):
    """Rules in their order; each chain is one rule that asks those that may apply."""

    def __init__(self, rules: Ruler[Rule]) -> None:
        super().__init__()
        self.__rules__ = rules.__rules__
        self._chains: dict[str, list[Rule]] = {}

    def getRules(self, chainName: str = "") -> list[Rule]:  # noqa: N802, N803 - the parser's names
        """One rule for the whole chain."""
        chain = self._chains.get(chainName)
        if chain is None:
            chain = self._chains[chainName] = [self._joined(chainName)]
        return chain

    def _joined(self, name: str) -> Rule:
        active = [rule for rule in self.__rules__ if rule.enabled and (not name or name in rule.alt)]

        def allowed(character: str) -> tuple[Rule, ...]:
            found = (rule for rule in active if character in _BEGINNINGS.get(rule.name, character))
            return tuple(_GUARDS.get(rule.name, _as_it_is)(rule.fn) for rule in found)

        return _ask(allowed("\n"), {character: allowed(character) for character in _ALL})


def _ask(usual: tuple[Rule, ...], marked: Mapping[str, tuple[Rule, ...]]) -> Rule:
    def ask(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        start = state.bMarks[line] + state.tShift[line]
        for rule in marked.get(state.src[start : start + 1], usual):  # noqa: SIM110 - any() takes twice as long
            if rule(state, line, end, silent):
                return True
        return False

    return ask


def _as_it_is(rule: Rule) -> Rule:
    return rule


def _if_table(rule: Rule) -> Rule:
    """A table's second line is made of bars, dashes, colons and spaces, and does not begin as an item of a list."""

    def guarded(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        below = line + 1
        if below >= end:
            return False
        start = state.bMarks[below] + state.tShift[below]
        return state.src[start : start + 2] in _UNDER_A_TABLES_HEAD and rule(state, line, end, silent)

    return guarded


def _if_indented(rule: Rule) -> Rule:
    def guarded(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        return state.sCount[line] - state.blkIndent >= 4 and rule(state, line, end, silent)

    return guarded


def _if_underlined(rule: Rule) -> Rule:
    """Some line of the paragraph ends as the underline of a heading would; in a long one the rule itself looks.

    A list's items are no end here: without a bound each would look at all items below it.
    """

    def guarded(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        for below in range(line + 1, min(end, line + LOOKED_AHEAD)):
            last = state.eMarks[below]
            if state.bMarks[below] + state.tShift[below] >= last:
                return False
            if state.src[last - 1] in "-= \t":
                return rule(state, line, end, silent)
        return line + LOOKED_AHEAD < end and rule(state, line, end, silent)

    return guarded


_GUARDS: Mapping[str, Callable[[Rule], Rule]] = {
    "math_block": if_it_ends,
    "blockquote": while_it_pays,
    "table": _if_table,
    "code": _if_indented,
    "lheading": _if_underlined,
}
