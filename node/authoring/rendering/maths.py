"""Maths: TeX as MathML, made here, so that no page needs a script. What cannot be converted stays readable TeX."""

import re
from functools import lru_cache
from html import escape

_LONGEST = 2_000  # characters of one formula
_DEEPEST = 32  # nested braces
# Attributes and addresses have no place in a formula; and the converter does not escape what stands in \text.
_REFUSED = re.compile(
    r"\\(?:href|url|class|id|style|cssId|html\w*|require|def|newcommand|include\w*)\b"
    r"|\\(?:text\w*|mbox|hbox)\s*\{[^{}]*[<>&\"'{]"
)
_LEFT_OVER = re.compile(r"<m[ion]>\\[A-Za-z]+</m[ion]>|<mi>[{}]</mi>|merror")


@lru_cache(maxsize=1024)
def maths(source: str, *, display: bool) -> str:
    """HTML of one formula. It goes through the sanitiser like everything else."""
    text = source.strip()
    kind = "math math-display" if display else "math"
    made = _mathml(text, display=display)
    if made is None:
        return f'<code class="{kind}">{escape(text)}</code>'
    mode = "block" if display else "inline"
    return f'<math class="{kind}" display="{mode}" alttext="{escape(text)}">{made}</math>'


def _mathml(text: str, *, display: bool) -> str | None:
    """What stands inside `<math>`; None where the formula is refused or not understood to its end."""
    if not text or len(text) > _LONGEST or _depth(text) > _DEEPEST or _REFUSED.search(text):
        return None
    from latex2mathml.converter import convert

    try:
        made = str(convert(text, display="block" if display else "inline"))
    except Exception:  # noqa: BLE001 - the converter raises whatever the formula makes it stumble over
        return None
    inner = made.partition(">")[2].removesuffix("</math>")
    return None if _LEFT_OVER.search(inner) else inner


def _depth(text: str) -> int:
    deepest = depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        deepest = max(deepest, depth)
    return deepest
