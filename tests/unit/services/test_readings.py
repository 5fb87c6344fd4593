"""What was made of a version is made once, and gone when the version is."""

from __future__ import annotations

import pytest

from node.services.cataloguing import readings as module
from node.services.cataloguing.changes import CatalogueChange
from node.services.cataloguing.readings import Readings
from node.store.tables.catalogue import VersionRow


def _version(name: str) -> VersionRow:
    uri = f"at://did:plc:{name}/org.skillnet.moduleVersion/1"
    item = f"at://did:plc:{name}/org.skillnet.module/m"
    return VersionRow(uri=uri, cid=f"bafy{name}", item_uri=item, did=f"did:plc:{name}", major=1, value={}, first_seen=0)


def test_is_made_once_for_each_purpose() -> None:
    readings, made = Readings(), list[str]()
    for purpose in ("page", "page", "document"):
        readings.of(_version("a"), purpose, lambda: made.append("x"))
    assert len(made) == 2


@pytest.mark.parametrize("change", [{"items": "org.skillnet.module/m"}, {"versions": "org.skillnet.moduleVersion/1"}])
def test_is_dropped_with_what_it_is_about(change: dict[str, str]) -> None:
    readings = Readings()
    for name in ("a", "b"):
        readings.of(_version(name), "page", lambda: "old")
    readings.hear(CatalogueChange(**{kind: {f"at://did:plc:a/{path}"} for kind, path in change.items()}))
    assert readings.of(_version("a"), "page", lambda: "new") == "new"
    assert readings.of(_version("b"), "page", lambda: "new") == "old"


def test_what_changes_while_it_is_made_is_not_kept() -> None:
    readings = Readings()

    def make() -> str:
        readings.hear(CatalogueChange(people={"did:plc:a"}))
        return "old"

    readings.of(_version("a"), "page", make)
    assert readings.of(_version("a"), "page", lambda: "new") == "new"


def test_no_more_is_kept_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    readings = Readings()
    for name in ("a", "b", "c"):
        readings.of(_version(name), "page", lambda: "old")
    assert readings.of(_version("a"), "page", lambda: "new") == "new"
