"""Pair the fence lines of a token stream, so that blocks nest properly with lists, quotes and one another."""

from dataclasses import dataclass, field

from markdown_it.token import Token

from node.authoring.body.block_rule import CLOSE, OPEN


@dataclass(slots=True)
class Balanced:
    """Tokens in which every opening has its closing; and the lines (from 0) of those that had none."""

    tokens: list[Token]
    unclosed: list[int] = field(default_factory=list)
    stray: list[int] = field(default_factory=list)


def balance(tokens: list[Token], line_count: int) -> Balanced:
    """Close what the author left open where its container ends; drop closings that close nothing."""
    result = Balanced([])
    stack: list[Token | None] = []  # a block's opening token, or None for any other container
    at = 0  # last line (counted from 1) of what has been seen
    for token in tokens:
        if token.map and token.map[1] > at:
            at = token.map[1]
        if token.type == OPEN:
            stack.append(token)
        elif token.type == CLOSE:
            if not stack or stack[-1] is None:
                result.stray.append(_line(token))
                continue
            token.meta["opening"] = stack.pop()
        elif token.nesting == 1:
            stack.append(None)
        elif token.nesting == -1:
            while stack and stack[-1] is not None:
                _close(result, stack.pop(), token.level, at)
            stack.pop()
        result.tokens.append(token)
    while stack:
        _close(result, stack.pop(), 0, line_count)
    return result


def _close(result: Balanced, opening: Token | None, level: int, line: int) -> None:
    if opening is None:
        return
    result.unclosed.append(_line(opening))
    meta = {"opening": opening, "implied": True, "line": line}
    result.tokens.append(Token(CLOSE, "section", 0, block=True, level=level, meta=meta))


def _line(token: Token) -> int:
    return token.map[0] if token.map else 0
