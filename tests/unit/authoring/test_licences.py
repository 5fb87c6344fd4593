"""SPDX expressions, and which licence an adaptation may have."""

import pytest

from node.authoring.compatibility import UNSTATED, find_obstacle
from node.authoring.licences import DEPRECATED, LICENCES, USUAL, VERSION
from node.authoring.spdx import ExpressionInvalid, parse_expression


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        ("MIT", [{"MIT"}]),
        ("mit OR apache-2.0", [{"MIT"}, {"Apache-2.0"}]),
        ("(MIT OR CC0-1.0) AND CC-BY-4.0", [{"MIT", "CC-BY-4.0"}, {"CC0-1.0", "CC-BY-4.0"}]),
        ("GPL-2.0+ WITH Classpath-exception-2.0", [{"GPL-2.0-or-later"}]),
        ("LicenseRef-ours", [{"LicenseRef-ours"}]),
    ],
)
def test_expressions_are_read(text: str, alternatives: list[set[str]]) -> None:
    found = parse_expression(text)
    assert found.alternatives == frozenset(map(frozenset, alternatives))
    assert not found.unknown


@pytest.mark.parametrize("text", ["", "MIT OR", "MIT Apache-2.0", "(MIT", "MIT)", "MIT / ISC", "AND", "(" * 50 + "MIT"])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ExpressionInvalid):
        parse_expression(text)


def test_unknown_and_outdated_ids_are_named() -> None:
    assert parse_expression("MIT AND CC-BY-5.0").unknown == ("CC-BY-5.0",)
    assert parse_expression("MIT WITH No-such-exception").unknown == ("No-such-exception",)
    assert parse_expression("GPL-2.0").outdated == (("GPL-2.0", "GPL-2.0-only"),)
    assert parse_expression("Nunit") == parse_expression("nunit")


def test_the_list_is_the_one_that_packaging_carries() -> None:
    spdx = pytest.importorskip("packaging.licenses._spdx", reason="packaging carries its list there since 24.2")
    if spdx.VERSION != VERSION:
        pytest.skip(f"packaging carries the list {spdx.VERSION}, ours is {VERSION}: time to take it over")
    assert {entry["id"] for entry in spdx.LICENSES.values()} == LICENCES | DEPRECATED
    assert set(USUAL) <= LICENCES


@pytest.mark.parametrize(
    ("original", "adaptation"),
    [
        ("CC0-1.0", "MIT"), ("CC-BY-4.0", "CC-BY-SA-4.0"), ("CC-BY-4.0", "CC-BY-4.0"), ("CC-BY-SA-3.0", "CC-BY-SA-4.0"),
        ("CC-BY-SA-4.0", "GPL-3.0-only"), ("CC-BY-NC-4.0", "CC-BY-NC-SA-4.0"), ("MIT", "Apache-2.0"),
        ("GPL-2.0-or-later", "GPL-3.0-only"), ("GPL-3.0-only", "AGPL-3.0-only"), ("LGPL-3.0-only", "GPL-3.0-only"),
        ("CC-BY-ND-4.0 OR CC-BY-4.0", "CC-BY-4.0"), ("MIT", "CC-BY-4.0 OR Apache-2.0"), (UNSTATED, UNSTATED),
        ("CC-BY-SA-3.0-DE", "CC-BY-SA-4.0"), ("CC-BY-3.0-IGO", "MIT"), ("CECILL-2.1", "CECILL-2.1"),
        ("GFDL-1.3-no-invariants-or-later", "GFDL-1.3-only"), ("etalab-2.0", "CC-BY-4.0"),
    ],
)  # fmt: skip
def test_what_may_be_adapted(original: str, adaptation: str) -> None:
    assert find_obstacle(original, adaptation) is None


@pytest.mark.parametrize(
    ("original", "adaptation"),
    [
        ("CC-BY-ND-4.0", "CC-BY-ND-4.0"), ("CC-BY-SA-4.0", "CC-BY-4.0"), ("CC-BY-SA-4.0", "CC-BY-SA-3.0"),
        ("CC-BY-NC-4.0", "CC-BY-4.0"), ("CC-BY-NC-SA-4.0", "CC-BY-NC-4.0"), ("CC-BY-4.0", "CC0-1.0"),
        ("GPL-3.0-only", "MIT"), ("GPL-2.0-only", "GPL-3.0-only"), ("MPL-2.0", "MIT"), (UNSTATED, "MIT"),
        ("CC-BY-SA-4.0 AND MIT", "MIT"), ("CC-BY-SA-4.0", "CC-BY-SA-4.0 OR MIT"), ("MIT", "CC0-1.0"),
        ("OSL-3.0", "MIT"), ("LAL-1.3", "CC-BY-4.0"), ("CC-BY-NC-SA-2.0-FR", "CC-BY-SA-4.0"), ("SSPL-1.0", "MIT"),
    ],
)  # fmt: skip
def test_what_may_not(original: str, adaptation: str) -> None:
    assert find_obstacle(original, adaptation)
