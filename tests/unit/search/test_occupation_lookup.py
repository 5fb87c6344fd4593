"""Job titles and sentences → occupations."""

from __future__ import annotations

import pytest

from node.search.lookup.doublets import forms_of
from node.search.lookup.entry import Entry
from node.search.lookup.features import stems
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


def test_without_a_stemmer_words_count_by_their_beginnings() -> None:
    """Croatian has none here; an ending must not hide that both are of mining."""
    names = ["rudarska inženjerka", "rudarskoga pogona voditelj", "medicinska inženjerka"]
    croatian = Lookup(Entry(str(place), name, language="hr") for place, name in enumerate(names))
    assert [found.id for found in croatian.find("voditelji rudarskih pogona")][:2] == ["1", "0"]
    assert stems(["hr", "de"])("rudarska inženjerka") == stems(["de"])("rudarska inženjerka")
    assert stems(["hr"])("rudarska inženjerka") == ["rudar", "inzen"]


def test_says_which_name_came_nearest(lookup: Lookup) -> None:
    assert lookup.find("CNC machinest")[0].nearest == "CNC machinist"


def test_nothing_alike(lookup: Lookup) -> None:
    for text in ("", "  ", "机械", "\x00", "zzzzqqqq"):
        assert lookup.find(text) == ()
    assert Lookup([]).find("nurse") == ()


def test_long_text_is_bounded(lookup: Lookup) -> None:
    assert lookup.find("nurse " * 100_000)[0].id == "29-1141.00"
