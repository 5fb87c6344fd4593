"""Which ESCO skills are part of which: groups, and the skills and narrower groups in them.

The Commission's release says it by addresses (`broaderRelationsSkillPillar`), the Tabiya form by keys, which its
`skills` file explains. That file is large, and copies go about without it. Its keys number the skills in the order of
their addresses; a list of labels in the same order, as others made one, explains them as well – see `_by_place`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from node.services.reference.importing.errors import ValueWrong
from node.services.reference.importing.folder import ReleaseFolder
from node.services.reference.importing.tabular import Row, Table

_LANGUAGES = ("", "_en")
_ADDRESS = re.compile(
    r".*/(?:esco/)?skill/(?P<esco>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[KLST][\d.]*)|.*/isced-f/(?P<isced>\d+)"
)
_KEY = re.compile(r"key_(\d+)\Z")
_WORD = re.compile(r"[a-z]{4,}")
_STEM = 5  # letters
_SURELY = 5  # times as often as by chance


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of skills: titles by id, and ids by the key that Tabiya's tables use."""

    titles: Mapping[str, str]
    keys: Mapping[str, str]


def read_groups(files: ReleaseFolder) -> Groups:
    """None where the release has none."""
    table = find_table(files, "skillgroups", "skill_groups")
    if table is None:
        return Groups({}, {})
    columns = ("ORIGINURI", "PREFERREDLABEL") if table.has("ORIGINURI") else ("conceptUri", "preferredLabel")
    found = [(address_id(row, row.values[0]), *row.values[1:]) for row in table.rows(*columns, optional=("ID",))]
    return Groups({code: title for code, title, _ in found}, {key: code for code, _, key in found if key})


def read_broader(files: ReleaseFolder, groups: Groups, skills: Mapping[str, str]) -> list[tuple[str, str]]:
    """(narrower, broader) ids of skills and groups, sorted; `skills` are titles by id."""
    if (table := find_table(files, "broaderrelationsskillpillar")) is not None:
        rows = table.rows("conceptUri", "broaderUri")
        pairs = [(address_id(row, row.values[0]), address_id(row, row.values[1])) for row in rows]
    elif (table := find_table(files, "skills_hierarchy", "skill_hierarchy")) is not None:
        said = [(row.values[0], row.values[1]) for row in table.rows("CHILDID", "PARENTID")]
        ids = {**groups.keys, **(_by_key(files) or _by_place(files, said, groups, skills))}
        pairs = [(ids[child], ids[parent]) for child, parent in said if child in ids and parent in ids]
    else:
        return []
    known = skills.keys() | groups.titles.keys()
    return sorted({pair for pair in pairs if known.issuperset(pair)})


def address_id(row: Row, address: str) -> str:
    """`…/esco/skill/<uuid>` → `esco:<uuid>`, `…/isced-f/0811` → `esco:isced-0811`. Raises ValueWrong."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise ValueWrong(row.place, f"{address[:80]!r} is no ESCO id.")
    return f"esco:{found['esco']}" if found["esco"] else f"esco:isced-{found['isced']}"


def _by_key(files: ReleaseFolder) -> dict[str, str]:
    table = find_table(files, "skills")
    if table is None or not table.has("ID", "ORIGINURI"):
        return {}
    return {row.values[0]: address_id(row, row.values[1]) for row in table.rows("ID", "ORIGINURI")}


def _by_place(
    files: ReleaseFolder, said: Sequence[tuple[str, str]], groups: Groups, skills: Mapping[str, str]
) -> dict[str, str]:
    """Key → id of skills, by a list of labels in the order of keys; nothing unless the labels prove that order."""
    table = find_table(files, "esco_skill_labels_altlabels_joined", "skill_labels")
    pairs = [(int(key[1]), parent) for child, parent in said if child not in groups.keys and (key := _KEY.match(child))]
    numbers = sorted({number for number, _ in pairs})
    if table is None or not numbers or numbers != list(range(numbers[0], numbers[-1] + 1)):
        return {}
    labels = [row.values[0].lower() for row in table.rows("label_cleaned")]
    titles = {key: groups.titles[code] for key, code in groups.keys.items()}
    placed = [(number - numbers[0], titles[parent]) for number, parent in pairs if parent in titles]
    by_chance = max(_agreement(labels, placed, shift) for shift in (-1, 1))
    if _agreement(labels, placed, 0) < _SURELY * max(by_chance, 1):
        return {}
    ids = {title.lower(): code for code, title in skills.items()}
    return {f"key_{numbers[0] + place}": ids[label] for place, label in enumerate(labels) if label in ids}


def _agreement(labels: Sequence[str], placed: Collection[tuple[int, str]], shift: int) -> int:
    """How many skills share a word with the name of their group, when they are counted so many places off."""
    found = ((place + shift, group) for place, group in placed)
    return sum(bool(_stems(labels[at]) & _stems(group)) for at, group in found if 0 <= at < len(labels))


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(text.lower())}


def find_table(files: ReleaseFolder, *names: str) -> Table | None:
    """A table of a release, whose name may end in its language."""
    return files.find(*(name + language for name in names for language in _LANGUAGES))
