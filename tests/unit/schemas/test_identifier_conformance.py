"""Every line of the protocol's own syntax fixtures is judged right."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas import identifiers

SHARED = Path(os.environ.get("SKILLNET_SHARED_DATA", Path(__file__).parents[3] / "../shared/data"))
SYNTAX = SHARED / "atproto-interop" / "syntax"
pytestmark = pytest.mark.skipif(not SYNTAX.is_dir(), reason=f"no interop fixtures in {SYNTAX}")

KINDS: dict[str, Callable[[str], str]] = {
    "atidentifier": identifiers.parse_at_identifier,
    "aturi": identifiers.parse_at_uri,
    "cid": identifiers.parse_cid,
    "datetime": identifiers.parse_datetime,
    "did": identifiers.parse_did,
    "handle": identifiers.parse_handle,
    "language": identifiers.parse_language,
    "nsid": identifiers.parse_nsid,
    "recordkey": identifiers.parse_record_key,
    "tid": identifiers.parse_tid,
    "uri": identifiers.parse_uri,
}


def lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").split("\n") if line and not line.startswith("#")]


@pytest.mark.parametrize("kind", KINDS)
def test_valid_lines_are_read_and_kept_as_written(kind: str) -> None:
    for line in lines(SYNTAX / f"{kind}_syntax_valid.txt"):
        assert KINDS[kind](line) == line


@pytest.mark.parametrize(
    ("kind", "file"),
    [(kind, f"{kind}_syntax_invalid.txt") for kind in KINDS]
    + [("datetime", "datetime_parse_invalid.txt"), ("language", "language_parse_invalid.txt")],
)
def test_invalid_lines_are_refused(kind: str, file: str) -> None:
    accepted = []
    for line in lines(SYNTAX / file):
        try:
            KINDS[kind](line)
        except identifiers.IdentifierInvalid:
            continue
        accepted.append(line)
    assert accepted == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_trailing_line_feed_is_not_part_of_any_identifier(kind: str) -> None:
    with pytest.raises(identifiers.IdentifierInvalid):
        KINDS[kind](lines(SYNTAX / f"{kind}_syntax_valid.txt")[0] + "\n")
