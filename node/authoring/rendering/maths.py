"""Maths: kept as its TeX source, readable as it is."""

from html import escape


def maths(source: str, *, display: bool) -> str:
    """HTML of one formula."""
    kind = "math math-display" if display else "math"
    return f'<code class="{kind}">{escape(source.strip())}</code>'
