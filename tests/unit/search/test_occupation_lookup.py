"""Job titles and sentences → occupations."""

from __future__ import annotations

import csv
import os
import random
from collections import defaultdict
from pathlib import Path

import pytest

from node.search.lookup.doublets import forms_of
from node.search.lookup.entry import Entry
from node.search.lookup.lookup import Lookup

ENTRIES = [
    Entry(
        "29-1141.00",
        "Registered Nurses",
        ["RN", "Ward nurse"],
        "Assess patient health problems.",
        ["Record vital signs."],
    ),
    Entry("51-4041.00", "Machinists", ["CNC machinist"], "Set up machine tools.", ["Measure parts with gauges."]),
    Entry("43-3031.00", "Bookkeeping Clerks", ["Accounts clerk"], "Keep financial records.", ["Reconcile invoices."]),
]


@pytest.fixture(scope="module")
def lookup() -> Lookup:
    return Lookup(ENTRIES)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("ward nurse", "29-1141.00"),
        ("registred nurze", "29-1141.00"),
        ("I measure parts on a lathe and set up tools", "51-4041.00"),
        ("bookkeeper", "43-3031.00"),
        ("reconciling an invoice", "43-3031.00"),
    ],
)
def test_finds(lookup: Lookup, asked: str, expected: str) -> None:
    assert lookup.find(asked)[0].id == expected


@pytest.mark.parametrize(
    ("asked", "forms"),
    [
        ("Vendeur / Vendeuse de fruits", ("vendeur de fruits", "vendeuse de fruits")),
        ("Verkäufer/Verkäuferin im Laden", ("verkaufer im laden", "verkauferin im laden")),
        ("Agente / agent principale / principal", ("agente principale", "agent principal")),
        *((text, (text,)) for text in ("publicidad y/o públicas", "24/7 nurse", "Verkäufer/in", "/", "a//b")),
    ],
)
def test_a_word_said_in_two_forms_is_asked_in_either(asked: str, forms: tuple[str, ...]) -> None:
    assert forms_of(asked) == forms


def test_says_which_name_came_nearest(lookup: Lookup) -> None:
    assert lookup.find("CNC machinest")[0].nearest == "CNC machinist"


def test_nothing_alike(lookup: Lookup) -> None:
    for text in ("", "  ", "机械", "\x00", "zzzzqqqq"):
        assert lookup.find(text) == ()
    assert Lookup([]).find("nurse") == ()


def test_long_text_is_bounded(lookup: Lookup) -> None:
    assert lookup.find("nurse " * 100_000)[0].id == "29-1141.00"


DATA = Path(os.environ.get("SKILLNET_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.real
def test_half_of_the_real_titles_find_the_other_half() -> None:
    titles, reference = DATA / "search" / "onet_alt_titles", DATA / "onet" / "db_29_3"
    if not (titles / "queries.tsv").is_file() or not (reference / "occupation_data.tsv").is_file():
        pytest.skip(f"no unpacked O*NET and alternate titles under {DATA}")
    asked = {r["query_id"]: r["query"] for r in _rows(titles / "queries.tsv")}
    relevant = defaultdict(set)
    for row in _rows(titles / "qrels.tsv"):
        relevant[row["query_id"]].add(row["onet_soc"])
    ids = sorted(asked)
    random.Random(5).shuffle(ids)
    aliases = defaultdict(list)
    for query in ids[: len(ids) // 2]:
        for code in relevant[query]:
            aliases[code].append(asked[query])
    tasks = defaultdict(list)
    for row in _rows(reference / "task_statements.tsv"):
        tasks[row["O*NET-SOC Code"]].append(row["Task"])
    lookup = Lookup(
        Entry(code, row["Title"], aliases[code], row["Description"], tasks[code])
        for row in _rows(reference / "occupation_data.tsv")
        for code in [row["O*NET-SOC Code"]]
    )
    found = [(relevant[q], [f.id for f in lookup.find(asked[q])]) for q in ids[len(ids) // 2 :][:3000]]
    first = sum(bool(codes & set(best[:1])) for codes, best in found) / len(found)
    among_ten = sum(bool(codes & set(best)) for codes, best in found) / len(found)
    assert first >= 0.48
    assert among_ten >= 0.80
