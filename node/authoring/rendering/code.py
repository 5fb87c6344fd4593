"""Code in colour: Pygments with classes, so that a theme decides the colours."""

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.formatters import HtmlFormatter
    from pygments.lexer import Lexer

_LONGEST = 20_000  # characters; longer listings stay plain, some lexers slow down with length


@lru_cache(maxsize=256)
def highlighted(source: str, language: str) -> str:
    """HTML of a listing, without the elements around it. An unknown language stays plain."""
    if not language or len(source) > _LONGEST:
        return escape(source, quote=False)
    from pygments import highlight

    lexer = _lexer(language.lower())
    if lexer is None:
        return escape(source, quote=False)
    return str(highlight(source, lexer, _formatter()))


@lru_cache(maxsize=64)
def _lexer(language: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None


@lru_cache(maxsize=1)
def _formatter() -> "HtmlFormatter[str]":
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(nowrap=True)
