"""How many major changes lie between two versions. A text of which more than half is another counts as several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MOSTLY, REWRITTEN = 0.5, 4  # so much of another text is another module: as after four major changes


def majors_between(find_blob: Callable[[str], bytes | None], old: dict[str, Any], new: dict[str, Any]) -> int:
    """`find_blob`: the bytes of a file by CID, for texts that lie beside their records."""
    from node.authoring.majorness import majorness
    from node.authoring.paths import is_major
    from schemas.authority import PATH_VERSION

    if new.get("$type") == PATH_VERSION:
        return int(is_major(old, new))
    texts = [_long_text(find_blob, value) for value in (old, new)]
    if None in texts:
        same = old.get("bodyBlob") == new.get("bodyBlob")
        return int(majorness(old, new).major) if same else REWRITTEN  # unseen, a long text may be any other
    found = majorness(old, new, *(text or None for text in texts))
    return REWRITTEN if found.changed > MOSTLY else int(found.major)


def _long_text(find_blob: Callable[[str], bytes | None], value: dict[str, Any]) -> str | None:
    """The text that lies beside the record: '' when the record carries it itself, None when it is not here."""
    blob = value.get("bodyBlob")
    if not isinstance(blob, dict):
        return ""
    found = find_blob(str((blob.get("ref") or {}).get("$link", "")))
    return None if found is None else found.decode("utf-8", "replace")
