"""What an unquoted word means: the core schema of YAML 1.2 (section 10.3), without its floats.

A number with a point stays the text that it is: records carry no floats, and `version: 2.10` is not 2.1.
"""

import re

Scalar = str | int | bool | None

_WORDS: dict[str, Scalar] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,14})\Z")  # longer ones are identifiers, not numbers


def resolve(text: str, *, plain: bool) -> Scalar:
    """Value of a scalar; a quoted one is always text."""
    if not plain:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.match(text) else text
