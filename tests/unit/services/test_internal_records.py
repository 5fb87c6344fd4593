"""Internal records share their account's fate, and repositories refuse both them and their addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from federation.repository import Write
from node.errors import Malformed
from node.services.hosting.kept_inside import KeptInside, NamesInternal
from node.services.internal.records import PublicAlready
from node.services.writing.drafting import Draft
from node.services.writing.publishing import publish, publish_inside
from node.store.content import catalogue
from node.store.content.catalogue import MEMBERS, PUBLIC
from node.store.inside import internal
from schemas.authority import MODULE, MODULE_VERSION, PROFILE
from tests.integration.fixtures.contributions import endorsement_write, version_value, version_write
from tests.integration.fixtures.nodes import composed, practitioner


def test_internal_records_share_the_accounts_fate(tmp_path: Path) -> None:
    with composed(tmp_path / "data") as services:
        did = practitioner(services, "ana")
        made = publish_inside(services.database, services.internal, did, version_value("ours", "Inside."))
        stored = services.internal.put_blob(did, b"bytes")
        services.drafting.keep("ana", Draft(id="abcdefgh", body="draft"))

        def seen() -> bool:
            with services.database.read() as session:
                assert catalogue.find_item(session, made.uri, PUBLIC) is None
                return catalogue.find_item(session, made.uri, MEMBERS) is not None

        assert seen()
        services.lifecycle.deactivate(did)
        assert not seen()
        services.lifecycle.activate(did)
        assert seen()
        services.lifecycle.erase(did)
        assert not seen()
        assert services.internal.find_blob(stored.cid) is None
        assert services.drafting.list("ana") == []
        with services.database.read() as session:
            assert internal.list_records(session, did) == []


def test_repositories_refuse_what_is_kept_inside(tmp_path: Path) -> None:
    with composed(tmp_path / "data") as services:
        did = practitioner(services, "ana")
        ben = practitioner(services, "ben")
        made = publish_inside(services.database, services.internal, did, version_value("ours", "Inside."))
        with pytest.raises(KeptInside):
            services.host.write(did, [version_write("other", "x", visibility="organisation")])
        with pytest.raises(NamesInternal, match="ours"):
            services.host.write(did, [version_write("other", "x", requires=[made.uri])])
        with services.database.read() as session:
            row = catalogue.find_version(session, made.version_uri, MEMBERS)
        assert row is not None
        with pytest.raises(NamesInternal):
            services.host.write(ben, [endorsement_write(made.uri, {"uri": row.uri, "cid": row.cid})])
        with pytest.raises(Malformed, match="cannot be kept inside"):
            services.internal.write(did, [Write("create", PROFILE, "self", {"$type": PROFILE})])


def test_what_is_public_takes_the_place_of_the_internal_and_stays_public(tmp_path: Path) -> None:
    with composed(tmp_path / "data") as services:
        did = practitioner(services, "ana")
        inside = publish_inside(services.database, services.internal, did, version_value("ours", "Inside."))
        public = publish(services.database, services.host, did, version_value("ours", "Outside."))
        assert public.uri == inside.uri
        with services.database.read() as session:
            assert catalogue.find_item(session, public.uri, PUBLIC).version_uri == public.version_uri  # type: ignore[union-attr]  # it is there
            assert internal.find_record(session, did, MODULE, "ours") is None
            assert len(catalogue.list_versions(session, public.uri, PUBLIC)) == 1
        with pytest.raises(PublicAlready):
            publish_inside(services.database, services.internal, did, version_value("ours", "Inside again."))
        rkey = inside.version_uri.rpartition("/")[2]
        services.internal.write(did, [Write("delete", MODULE_VERSION, rkey)])
        with services.database.read() as session:
            assert catalogue.find_item(session, public.uri, PUBLIC) is not None
