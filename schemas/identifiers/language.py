"""Language tags: BCP 47 (RFC 5646), well-formed and without repeated variants or extensions.

The protocol writes the primary language in lower case; the other subtags ignore case.
"""

import re

from schemas.errors import IdentifierInvalid

_VARIANT = "[a-z0-9]{5,8}|[0-9][a-z0-9]{3}"
_PRIVATE = "x(?:-[a-z0-9]{1,8})+"
_TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}(?![a-z0-9])){0,3}|[a-z]{5,8})"
    r"(?:-[a-z]{4}(?![a-z0-9]))?"
    r"(?:-(?:[a-z]{2}|[0-9]{3})(?![a-z0-9]))?"
    rf"(?P<variants>(?:-(?:{_VARIANT})(?![a-z0-9]))*)"
    r"(?P<extensions>(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*)"
    rf"(?:-{_PRIVATE})?|{_PRIVATE}"
).fullmatch
_SINGLETON = re.compile("-([0-9a-wyz])(?=-)").findall
# RFC 5646, section 2.2.8: registered before the grammar, and not covered by it.
_IRREGULAR = frozenset(
    {"en-gb-oed", "sgn-be-fr", "sgn-be-nl", "sgn-ch-de", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak"}
    | {"i-klingon", "i-lux", "i-mingo", "i-navajo", "i-pwn", "i-tao", "i-tay", "i-tsu"}
)
_MAX = 128


class Language(str):
    """A tag such as `en`, `pt-BR` or `hy-Latn-IT-arevela`."""

    __slots__ = ()


def primary_language(tag: str) -> str:
    """The language of a tag without script, region or variant: `pt` of `pt-BR`, '' of ''."""
    return tag.partition("-")[0].lower()


def parse_language(text: str) -> Language:
    """Raise `IdentifierInvalid` unless `text` is a language tag of at most 128 characters."""
    folded = text.lower()
    if len(text) > _MAX or not text.isascii() or not _lower_case_start(text):
        raise IdentifierInvalid("language tag", text)
    if folded not in _IRREGULAR:
        match = _TAG(folded)
        if match is None or _repeats(match["variants"] or "", match["extensions"] or ""):
            raise IdentifierInvalid("language tag", text)
    return Language(text)


def _lower_case_start(text: str) -> bool:
    primary = text.partition("-")[0]
    return primary.islower() or primary == "X"


def _repeats(variants: str, extensions: str) -> bool:
    names, singletons = variants.split("-")[1:], _SINGLETON(extensions)
    return len(set(names)) < len(names) or len(set(singletons)) < len(singletons)
