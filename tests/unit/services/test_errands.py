"""In which order an indexer does what it is asked for."""

from __future__ import annotations

import threading

from node.services.cataloguing.changes import CatalogueChange
from node.services.finding.errands import Errands, Mend, Renewal


def test_who_waits_for_changes_that_are_found_by_comparing_waits_for_the_comparison() -> None:
    errands, event, renewal = Errands(), threading.Event(), Renewal(1)
    for errand in (CatalogueChange(items={"a"}), event, Mend(), CatalogueChange(items={"b"}), renewal):
        errands.put(errand)
    errands.mend_instead()
    assert [errands.next() for _ in range(3)] == [renewal, Mend(), event]
    for errand in (event, None):
        errands.put(errand)
    errands.mend_instead(again=True)
    assert [errands.next() for _ in range(2)] == [event, None], "neither waits for a comparison that failed before"
