"""SPDX licence expressions (SPDX 2.3, annex D): `MIT`, `CC-BY-4.0 OR MIT`, `(A AND B) OR C`, `GPL-2.0-or-later WITH …`.

An expression is read into the alternatives that it offers: each a set of licences that hold together.
"""

import re
from dataclasses import dataclass
from itertools import product

from node.authoring.licences import DEPRECATED, EXCEPTIONS, LICENCES

Alternatives = frozenset[frozenset[str]]

_TOKEN = re.compile(r"\s*([()]|[A-Za-z0-9.+:-]+)")
_OWN = re.compile(r"(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+\Z")
_BY_LOWER = {name.lower(): name for name in LICENCES | DEPRECATED}
_EXCEPTIONS = {name.lower(): name for name in EXCEPTIONS}
_MOST = 64  # alternatives; no licence that a person reads offers more
_LONGEST = 256  # characters, as the lexicon allows


class ExpressionInvalid(ValueError):
    """That is not an SPDX licence expression."""

    def __init__(self, message: str, found: str = "") -> None:
        super().__init__(message)
        self.found = found


@dataclass(frozen=True, slots=True)
class Expression:
    """What an expression offers; ids in it that are not on the SPDX list; outdated ones with what stands for them."""

    alternatives: Alternatives
    unknown: tuple[str, ...]
    outdated: tuple[tuple[str, str], ...] = ()


def parse_expression(text: str) -> Expression:
    """Read an expression; ids in any case. Raises ExpressionInvalid for its form, never for an unknown id."""
    if len(text) > _LONGEST:
        raise ExpressionInvalid(f"a licence expression has at most {_LONGEST} characters")
    tokens, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise ExpressionInvalid("a licence expression is made of ids, AND, OR, WITH and brackets", text[at:])
        tokens.append(match[1])
        at = match.end()
    reader = _Reader(tokens)
    found = reader.either()
    if reader.tokens:
        raise ExpressionInvalid(f"AND or OR is missing before “{reader.tokens[0]}”", reader.tokens[0])
    return Expression(found, tuple(dict.fromkeys(reader.unknown)), tuple(dict.fromkeys(reader.outdated)))


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.unknown: list[str] = []
        self.outdated: list[tuple[str, str]] = []
        self.depth = 0

    def either(self) -> Alternatives:
        found = self._both()
        while self._next_is("OR"):
            found |= self._both()
        return self._bounded(found)

    def _both(self) -> Alternatives:
        found = self._one()
        while self._next_is("AND"):
            found = self._bounded(frozenset(left | right for left, right in product(found, self._one())))
        return found

    def _one(self) -> Alternatives:
        word = self.tokens.pop(0) if self.tokens else ""
        if word == "(":
            self.depth += 1
            if self.depth > 8:
                raise ExpressionInvalid("brackets are nested too deep", word)
            found = self.either()
            if not self._next_is(")"):
                raise ExpressionInvalid("a bracket is not closed", word)
            self.depth -= 1
            return found
        if not word or word in (")", "+") or word.upper() in ("AND", "OR", "WITH"):
            raise ExpressionInvalid("a licence is missing", word)
        name = self._name(word)
        if self._next_is("WITH"):
            if not self.tokens:
                raise ExpressionInvalid("an exception is missing after WITH", word)
            exception = self.tokens.pop(0)  # it only allows more
            if exception.lower() not in _EXCEPTIONS and not exception.startswith("AdditionRef-"):
                self.unknown.append(exception)
        return frozenset({frozenset({name})})

    def _name(self, token: str) -> str:
        known = _BY_LOWER.get(token.lower())
        if known is None or known in DEPRECATED:
            newer = _BY_LOWER.get(_today(token.lower()))
            if newer is not None:
                self.outdated.append((token, newer))
            known = newer or known
        if known is None and not _OWN.match(token):
            self.unknown.append(token)
        return known or token

    def _next_is(self, word: str) -> bool:
        if self.tokens and self.tokens[0].upper() == word:
            self.tokens.pop(0)
            return True
        return False

    def _bounded(self, found: Alternatives) -> Alternatives:
        if len(found) > _MOST:
            raise ExpressionInvalid("this licence expression offers too many alternatives")
        return found


def _today(name: str) -> str:
    """`gpl-2.0+` and `gpl-2.0`, as they were written before version 3.0 of the list."""
    return f"{name[:-1]}-or-later" if name.endswith("+") else f"{name}-only"
