"""Crosswalks as published: older O*NET-SOC codes to those of 2019, and ESCO occupations to O*NET's.

Found by their columns, whatever the files are called: https://www.onetcenter.org/crosswalks.html,
https://esco.ec.europa.eu/en/use-esco/download (“crosswalk between ESCO and O*NET”).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from node.services.reference.importing.errors import FilesMissing
from node.services.reference.importing.onet_codes import parse_onet_code
from node.services.reference.importing.parsed import Parsed
from node.services.reference.importing.tabular import ENDINGS, Table

_EDITION = re.compile(r"O\*NET-SOC (\d{4}) Code")
_ESCO = ("O*NET Id", "ESCO or ISCO URI", "Type of Match")
_MATCHES = {"exactmatch": "exact", "narrowmatch": "narrower", "broadmatch": "broader", "closematch": "close"}


def parse_crosswalks(folder: str) -> list[Parsed]:
    """Every crosswalk in `folder`. Raises ReferenceInvalid."""
    place = Path(folder)
    if not place.is_dir():
        raise FilesMissing(folder, "This is not a folder.")
    found = [walk for path in sorted(place.iterdir()) if path.suffix.lower() in ENDINGS if (walk := _walk(path))]
    if not found:
        raise FilesMissing(
            folder, "There is no file here with columns such as “O*NET-SOC 2010 Code” and “… 2019 Code”."
        )
    return found


def _walk(path: Path) -> Parsed | None:
    if path.stat().st_size > 20_000_000 or "crosswalk" not in path.name.lower():
        return None
    table = Table(path)
    editions = sorted(name for name in table.header if _EDITION.fullmatch(name))
    if len(editions) == 2:
        return _editions(table, editions)
    return _esco(table) if table.has(*_ESCO) else None


def _editions(table: Table, columns: list[str]) -> Parsed:
    old, new = (column.split()[1] for column in columns)
    pairs = {}
    for row in table.rows(*columns):
        source, target = (parse_onet_code(row, code) for code in row.values)
        if source != target:
            pairs[source, target] = "became"
    said = f"O*NET-SOC {old} to {new} crosswalk, National Center for O*NET Development, CC BY 4.0."
    return _made(f"crosswalk-{old}-{new}", new, said, "CC-BY-4.0", table, pairs.items())


def _esco(table: Table) -> Parsed:
    pairs = {}
    for row in table.rows(*_ESCO):
        soc, uri, match = row.values
        name = uri.rpartition("/")[2]
        other = f"isco:{name.removeprefix('C')}" if "/isco/" in uri else f"esco:{name.lower()}"
        pairs[other, parse_onet_code(row, soc)] = _MATCHES.get(match.lower().rpartition(":")[2], "close")
    said = "Crosswalk between ESCO and O*NET, © European Union, reused under Commission Decision 2011/833/EU."
    return _made("crosswalk-esco-onet", "", said, "LicenseRef-EU-2011-833", table, pairs.items())


def _made(
    scheme: str, version: str, said: str, licence: str, table: Table, pairs: Iterable[tuple[tuple[str, str], str]]
) -> Parsed:
    rows = [{"source": source, "target": target, "match": match} for (source, target), match in sorted(pairs)]
    given, files = {"crosswalk"}, {table.name: len(table)}
    return Parsed(scheme, version, scheme, said, licence, "", {"crosswalk": rows}, given, files)
