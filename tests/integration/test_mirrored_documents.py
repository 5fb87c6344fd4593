"""Public modules as site.standard.document: on request only, kept equal, gone with the module."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from federation.codec import decode
from federation.repository import Write
from node.services.writing.mirroring import DOCUMENT, Mirroring
from node.store.repositories import records
from schemas.authority import MODULE
from schemas.identifiers import parse_tid
from tests.integration.fixtures.nodes import composed, practitioner, publish


def test_documents_follow_the_modules(tmp_path: Path) -> None:
    with composed(tmp_path / "data") as services:
        ana = practitioner(services, "ana")
        made = publish(services, ana, "read-the-gauge", "Dip the **stick**.")
        own = {
            "$type": DOCUMENT,
            "site": "https://ana.example",
            "title": "My own",
            "publishedAt": "2026-01-01T00:00:00Z",
        }
        services.host.write(ana, [Write("create", DOCUMENT, "3jzfcijpj2z2a", own)])
        assert services.mirroring.run() == 0
        on = replace(services.settings, mirror_documents=True)
        mirroring = Mirroring(on, services.database, services.host)
        assert mirroring.run() == 1
        assert mirroring.run() == 0
        with services.database.read() as session:
            found = {row.rkey: decode(row.block) for row in records.iterate_records(session, [DOCUMENT], ana)}
        assert found.pop("3jzfcijpj2z2a") == own
        ((rkey, value),) = found.items()
        assert parse_tid(rkey)
        assert value["path"] == f"/modules/{ana}/read-the-gauge"
        assert value["site"] == services.settings.public_url
        assert "stick" in value["textContent"]
        assert value["module"] == made.uri
        services.host.write(ana, [Write("delete", MODULE, "read-the-gauge")])
        assert mirroring.run() == 1
        with services.database.read() as session:
            assert [row.rkey for row in records.iterate_records(session, [DOCUMENT], ana)] == ["3jzfcijpj2z2a"]


def test_no_author_hinders_another(tmp_path: Path) -> None:
    """One names somebody else's module, one has taken the key, one's account is switched off."""
    with composed(tmp_path / "data", mirror_documents=True) as services:
        eve, ben, ana, gone = (practitioner(services, name) for name in ("eve", "ben", "ana", "gone"))
        publish(services, gone, "read-the-gauge", "Dip the stick.")
        assert services.mirroring.run() == 1
        services.lifecycle.deactivate(gone)
        taken = publish(services, ben, "read-the-gauge", "Dip the stick.")
        made = publish(services, ana, "read-the-gauge", "Dip the stick.")
        own = {"$type": DOCUMENT, "title": "Mine"}
        services.host.write(ben, [Write("create", DOCUMENT, taken.version["uri"].rpartition("/")[2], own)])
        services.host.write(eve, [Write("create", DOCUMENT, "3jzfcijpj2z2a", {**own, "module": made.uri})])
        assert services.mirroring.run() == 1
        services.host.write(ana, [Write("delete", MODULE, "read-the-gauge")])
        assert services.mirroring.run() == 1
        with services.database.read() as session:
            left = {did: [*records.iterate_records(session, [DOCUMENT], did)] for did in (eve, ben, ana)}
        assert {did: len(rows) for did, rows in left.items()} == {eve: 1, ben: 1, ana: 0}
