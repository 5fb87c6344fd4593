"""What readers get of the catalogue: ranked, fresh or stale, found, tied to occupations, on a shelf for workers."""

from __future__ import annotations

from dataclasses import dataclass

from node.app.parts.hosting import Hosting
from node.app.parts.storage import Storage
from node.services import naming
from node.services.cataloguing.readings import Readings
from node.services.finding.distant import DistantFinder
from node.services.finding.engines import source_of
from node.services.finding.finder import Finder
from node.services.finding.standing import Standing
from node.services.heavy import HeavyWork
from node.services.learning.shelf import Shelf
from node.services.ranking.epochs import Epochs
from node.services.ranking.freshening import Freshening
from node.services.ranking.rankings import Rankings
from node.services.reference.looking.meaning import MeaningAside
from node.services.reference.reference import Reference
from node.settings.declared import Settings


@dataclass(frozen=True, slots=True)
class Curation:
    """Wired: everything here hears what changes in the catalogue."""

    heavy: HeavyWork
    rankings: Rankings
    freshening: Freshening
    finder: Finder
    readings: Readings
    shelf: Shelf
    reference: Reference


def set_up_curation(settings: Settings, storage: Storage, hosting: Hosting) -> Curation:
    """Heavy work is done in processes beside the node."""
    database, cataloguer, heavy = storage.database, hosting.cataloguer, HeavyWork()
    rankings = Rankings(database, hosting.identity.did, Epochs(database, settings.data / "ranking", heavy))
    freshening = Freshening(database, rankings)
    rankings.after_change(freshening.forget)
    kind = DistantFinder if database.is_distant else Finder
    finder = kind(database, source_of(settings), Standing(rankings, freshening))
    readings = Readings()
    shelf = Shelf(database, rankings, freshening, storage.files, readings)
    derived = settings.data / "search"
    meaning = MeaningAside(settings.search_model, settings.search_model_key, derived)
    reference = Reference(database, heavy, derived, finder.hear_reference, meaning.attach)
    naming.consult(reference.words)
    for hear in (rankings.hear, finder.hear, readings.hear, shelf.hear, reference.shelves.hear):
        cataloguer.listen(hear)
    return Curation(heavy, rankings, freshening, finder, readings, shelf, reference)
