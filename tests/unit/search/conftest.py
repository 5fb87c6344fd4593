"""Engines under test, each empty at the beginning, and a small catalogue."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from node.search.document import SearchDocument
from node.search.engine import SearchEngine

MODULES = [
    SearchDocument(
        id="m:torque", kind="module", title="Torque wrench basics", language="en", updated=100, minutes=10,
        summary="Set, use and store a click torque wrench.",
        body="Never use the wrench to loosen bolts. Check calibration dates before each shift.",
        facets={"layer": ["tool"], "level": ["novice"], "occupation": ["49-3023.00"], "author": ["did:plc:ana"]},
        by=["ana.works.example"],
    ),
    SearchDocument(
        id="m:torque-fork", kind="module", title="Torque wrench basics for cyclists", language="en", updated=200,
        summary="Set, use and store a click torque wrench on bicycles.", fork_of="m:torque", minutes=5,
        facets={"layer": ["tool"], "level": ["novice"], "author": ["did:plc:bo"]}, by=["bo.example"],
    ),
    SearchDocument(
        id="m:calibration", kind="module", title="Gauge calibration", language="en", updated=300, minutes=30,
        summary="Why gauges drift and how to trust one.", aliases=["metrology"],
        facets={"layer": ["concept"], "level": ["competent"], "author": ["did:plc:ana"]}, by=["ana.works.example"],
    ),
    SearchDocument(
        id="m:pflege", kind="module", title="Häusliche Pflege planen", language="de", updated=400, minutes=20,
        summary="Pflegebedürftige Menschen zu Hause versorgen.",
        facets={"layer": ["capability"], "level": ["proficient"], "author": ["did:plc:cem"]}, by=["cem.example"],
    ),
    SearchDocument(
        id="m:ja", kind="module", title="機械学習の基礎", language="ja", updated=500,
        summary="看護師のための患者安全と機械学習。", facets={"layer": ["concept"]},
    ),
    SearchDocument(
        id="m:ar", kind="module", title="سلامة المريض في المستشفى", language="ar", updated=600,
        summary="كيف تتحقق من الأدوية قبل إعطائها", facets={"layer": ["capability"]},
    ),
    SearchDocument(
        id="m:internal", kind="module", title="Zeusproject handover", language="en", updated=700,
        summary="Internal notes about the secret torque procedure.", audience="organisation",
        facets={"layer": ["tool"]},
    ),
    SearchDocument(
        id="o:nurse", kind="occupation", title="Registered Nurses", language="en",
        aliases=["RN", "Staff Nurse", "Ward nurse"],
        summary="Assess patient health problems and needs.", facets={"occupation": ["29-1141.00"]},
    ),
]  # fmt: skip


def _embedded(folder: Path) -> SearchEngine:
    from node.search.tantivy_engine.engine import TantivyEngine

    return TantivyEngine.create(folder)


MEILISEARCH = os.environ.get("SKILLNET_TEST_MEILISEARCH_URL", "")


def _meilisearch() -> SearchEngine:
    from node.search.meilisearch_engine.settled import empty_engine

    return empty_engine(MEILISEARCH.split(","), os.environ.get("SKILLNET_TEST_MEILISEARCH_KEY", ""))


@pytest.fixture(params=["embedded", "meilisearch"] if MEILISEARCH else ["embedded"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    """An empty engine of each kind."""
    made = _embedded(tmp_path / "search") if request.param == "embedded" else _meilisearch()
    yield made
    made.close()


@pytest.fixture
def modules() -> list[SearchDocument]:
    """The small catalogue."""
    return list(MODULES)


@pytest.fixture
def filled(engine: SearchEngine, modules: list[SearchDocument]) -> SearchEngine:
    """An engine of each kind with the small catalogue in it."""
    engine.upsert(modules)
    return engine
