"""What block rules write their tokens to: two that are quicker than the parser's own."""

from typing import Literal

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

_new = object.__new__
_NOWHERE = Token("nowhere", "", 0)  # what rules write about a token that is not kept
_NOT_IN_OUTLINES = frozenset(
    (
        "inline",
        "paragraph_close",
        *(f"{part}_{end}" for part in ("thead", "tbody", "tr", "th", "td") for end in ("open", "close")),
    )
)


def _token(kind: str, tag: str, nesting: Literal[-1, 0, 1], level: int) -> Token:
    """A block's token; a third quicker than its own constructor, which converts what needs no conversion."""
    token = _new(Token)
    token.type, token.tag, token.nesting, token.level = kind, tag, nesting, level
    token.attrs, token.meta, token.map, token.children = {}, {}, None, None
    token.content = token.markup = token.info = ""
    token.block, token.hidden = True, False
    return token


class QuickState(StateBlock):
    """Makes tokens with fewer steps; they are the same."""

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """As the parser's own."""
        level = self.level if nesting >= 0 else self.level - 1
        token = _token(ttype, tag, nesting, level)
        self.level = level + 1 if nesting > 0 else level
        self.tokens.append(token)
        return token


class OutlineState(StateBlock):
    """Keeps half of the tokens: of paragraphs one each, of tables the first, of inline text only that of headings."""

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """The token, which may lead nowhere."""
        level = self.level if nesting >= 0 else self.level - 1
        self.level = level + 1 if nesting > 0 else level
        if ttype in _NOT_IN_OUTLINES and not (ttype == "inline" and self._is_below_heading()):
            return _NOWHERE
        token = _token(ttype, tag, 0 if ttype == "paragraph_open" else nesting, level)
        self.tokens.append(token)
        return token

    def _is_below_heading(self) -> bool:
        return bool(self.tokens) and self.tokens[-1].type == "heading_open"
