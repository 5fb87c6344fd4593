"""How O*NET's files name occupations: `29-1141.00`, in a column that is called the same in all of them."""

from __future__ import annotations

import re

from node.services.reference.importing.errors import ValueWrong
from node.services.reference.importing.tabular import Row

COLUMN = "O*NET-SOC Code"
_SOC = re.compile(r"\d\d-\d{4}\.\d\d")


def parse_onet_code(row: Row, text: str) -> str:
    """`onet:29-1141.00`. Raises ValueWrong, which names the row."""
    if not _SOC.fullmatch(text):
        raise ValueWrong(row.place, f"{text[:60]!r} is no O*NET-SOC code such as 29-1141.00.")
    return f"onet:{text}"
