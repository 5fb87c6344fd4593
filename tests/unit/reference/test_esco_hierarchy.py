"""Which ESCO skill is part of which, from each form in which that is published."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from node.services.reference.importing.errors import ValueWrong
from node.services.reference.importing.esco import parse_esco
from tests.unit.reference.shared_data import reference_folder

ESCO = "http://data.europa.eu/esco"
NAMES = ["selling flowers", "baking bread", "mend shoes", "selling bread", "baking cakes", "repair boots"]
UUIDS = [f"{place}0000000-0000-4000-8000-000000000000" for place in range(len(NAMES))]
SELLING, BAKING = (f"{ESCO}/skill/{letter * 8}-0000-4000-8000-000000000000" for letter in "ab")
MENDING, TOP = f"{ESCO}/isced-f/0722", f"{ESCO}/skill/S"
GROUPS = {SELLING: "selling things", BAKING: "baking", MENDING: "repair and mend", TOP: "skills"}
WITHIN = [SELLING, BAKING, MENDING] * 2
EXPECTED = {("baking cakes", "baking"), ("selling bread", "selling things"), ("mend shoes", "repair and mend")}


def write(folder: Path, name: str, *rows: tuple[object, ...]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """Occupations and groups; how skills are named and placed is each test's own."""
    folder = tmp_path / "esco_v1.2"
    folder.mkdir()
    write(folder, "ISCOGroups", ("CODE", "PREFERREDLABEL", "DESCRIPTION"), ("2", "Professionals", ""))
    occupation = (f"{ESCO}/occupation/ffffffff-0000-4000-8000-000000000000", "2", "baker", "", "Bakes.")
    write(
        folder, "occupations", ("ORIGINURI", "ISCOGROUPCODE", "PREFERREDLABEL", "ALTLABELS", "DESCRIPTION"), occupation
    )
    return folder


def found(folder: Path) -> set[tuple[str, str]]:
    parsed = parse_esco(str(folder))
    titles = {row["id"]: row["title"] for row in parsed.sections["skill"]}
    pairs = [(row["source"], row["target"]) for row in parsed.sections["crosswalk"]]
    return {(titles[one], titles[other]) for one, other in pairs if one in titles}


def keyed(folder: Path) -> None:
    """Tabiya's hierarchy: by keys, groups first."""
    keys = {address: f"key_{place}" for place, address in enumerate(GROUPS)}
    rows = [(address, keys[address], title) for address, title in GROUPS.items()]
    write(folder, "skillGroups", ("ORIGINURI", "ID", "PREFERREDLABEL"), *rows)
    within = [(keys[group], f"key_{place}") for place, group in enumerate(WITHIN, len(GROUPS))]
    write(folder, "skills_hierarchy", ("PARENTID", "CHILDID"), *within)


def test_the_commission_says_it_by_addresses(release: Path) -> None:
    addresses = [f"{ESCO}/skill/{uuid}" for uuid in UUIDS]
    write(release, "skills_en", ("conceptUri", "preferredLabel"), *zip(addresses, NAMES, strict=True))
    write(release, "skillGroups_en", ("conceptUri", "preferredLabel"), *GROUPS.items())
    pairs = [*zip(addresses, WITHIN, strict=True), (SELLING, TOP), (SELLING, f"{ESCO}/skill/T9")]
    write(release, "broaderRelationsSkillPillar_en", ("conceptUri", "broaderUri"), *pairs)
    assert found(release) >= EXPECTED | {("selling things", "skills")}
    assert len(found(release)) == 7


def test_tabiya_says_it_by_keys(release: Path) -> None:
    rows = [
        (f"{ESCO}/skill/{uuid}", f"key_{n}", name) for n, (uuid, name) in enumerate(zip(UUIDS, NAMES, strict=True), 4)
    ]
    write(release, "skills", ("ORIGINURI", "ID", "PREFERREDLABEL"), *rows)
    keyed(release)
    assert found(release) >= EXPECTED


@pytest.mark.parametrize("proven", [True, False])
def test_without_the_keys_places_count_where_labels_prove_them(release: Path, *, proven: bool) -> None:
    write(release, "skill_uuid_label", ("id", "label"), *zip(UUIDS, NAMES, strict=True))
    keyed(release)
    in_order = NAMES if proven else NAMES[1:] + NAMES[:1]
    write(release, "skill_labels", ("label_cleaned",), *((name,) for name in in_order))
    assert found(release) >= EXPECTED if proven else found(release) == set()


def test_an_address_of_another_kind_is_refused(release: Path) -> None:
    write(release, "skill_uuid_label", ("id", "label"), *zip(UUIDS, NAMES, strict=True))
    write(release, "skillGroups", ("ORIGINURI", "ID", "PREFERREDLABEL"), (f"{ESCO}/isco/C2", "key_1", "professionals"))
    with pytest.raises(ValueWrong):
        parse_esco(str(release))


@pytest.mark.real
def test_nearly_every_skill_of_the_shared_release_has_its_place() -> None:
    parsed = parse_esco(str(reference_folder("esco")), "1.1.1")
    titles = {row["id"]: row["title"] for row in parsed.sections["skill"]}
    pairs = {(row["source"], row["target"]) for row in parsed.sections["crosswalk"] if row["source"] in titles}
    named = {(titles[one], titles[other]) for one, other in pairs}
    assert len({one for one, _ in pairs}) > 0.97 * len(titles)
    assert ("sell confectionery products", "selling products or services") in named
    assert ("Danish", "mastering languages") in named
