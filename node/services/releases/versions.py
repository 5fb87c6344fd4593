"""Which version an announcement is about."""

from __future__ import annotations

import re

_VERSION = re.compile(r"(?<![\w.])v?(\d{1,5}(?:\.\d{1,6}){0,4}[a-z]?)(?![\w.]*\d)(?!\w)", re.IGNORECASE)
_UNFINISHED = re.compile(
    r"\b(?:alpha|beta|rc|preview|pre-?release|dev|nightly|canary|insider|snapshot)\b|\d(?:a|b|rc)\d", re.IGNORECASE
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}|{_MONTH}\s+\d{{1,2}}\b|\b\d{{4}}-\d\d-\d\d\b", re.IGNORECASE
)


def find_version(title: str, product: str) -> str | None:
    """The version that `title` announces of `product`; None for what is unfinished or names none.

    The number behind the product's name is meant; else the first with a point in it; else a title that is a number.
    """
    if _UNFINISHED.search(title):
        return None
    text = _DATE.sub(" ", title)
    place = text.casefold().find(product.casefold())
    behind = text[place + len(product) :] if place >= 0 else ""
    found = _VERSION.findall(behind) if behind else []
    if found:
        return str(found[0])
    pointed = [version for version in _VERSION.findall(text) if "." in version]
    alone = _VERSION.fullmatch(text.strip())
    return str(pointed[0]) if pointed else alone.group(1) if alone else None
