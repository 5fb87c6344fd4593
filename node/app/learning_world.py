"""A night made up for measuring: modules as in `bench feed`, workers with outcomes, sealed in a real database."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np

from node.personalizer.evaluation.bench import make_catalogue
from node.personalizer.feed.columns import build_columns
from node.personalizer.learner.difficulty import Learned
from node.services.erasures import Erasures
from node.services.learning.feed.nights import Nights
from node.services.learning.sealed.ledger import OUTCOME, PROFILE, Recorded
from node.services.learning.sealed.profile import parse_profile
from node.services.learning.sealed.vault import Drawer, Vault
from node.services.learning.shelf import Stock
from node.services.sealing import Sealer
from node.store.clock import SECOND, now
from node.store.database import Database

OUTCOMES = 20
AT_ONCE = 32
MODULES = 10_000
Progress = Callable[[str, float], None]


@dataclass(slots=True)
class StillShelf:
    """A shelf whose catalogue never changes."""

    kept: Stock
    known: Mapping[str, Learned] = field(default_factory=dict)

    def stock(self) -> Stock:
        """The catalogue."""
        return self.kept

    def learned(self) -> Mapping[str, Learned]:
        """What was taken note of."""
        return self.known

    def learn(self, learned: Mapping[str, Learned]) -> None:
        """Take note."""
        self.known = learned


def time_a_night(folder: Path, workers: int, progress: Progress) -> float:
    """Seconds for one whole night: a list for each, items pooled."""
    candidates, shared = make_catalogue(np.random.default_rng(1), MODULES)
    shelf = StillShelf(Stock(build_columns(candidates), shared, (), "made up"))
    database = Database(f"sqlite:///{folder / 'skillnet.db'}").open()
    try:
        sealer = Sealer(secrets.token_bytes(32))
        vault = Vault(database, sealer, Erasures(folder, sealer)).open()
        with ThreadPoolExecutor(AT_ONCE) as hands:  # the writer groups what waits at the same time
            for number, _ in enumerate(hands.map(partial(_hire, vault, shelf.kept), range(workers))):
                progress("making workers", number / workers)
        start = time.perf_counter()
        night = Nights(database, vault, shelf).run(datetime.now(UTC), whole=True, progress=progress)
        seconds = time.perf_counter() - start
    finally:
        database.close()
    if night.prepared != workers:
        raise RuntimeError(f"{night.prepared} lists for {workers} workers")
    return seconds


def _hire(vault: Vault, stock: Stock, number: int) -> None:
    """A worker with a profile and a history, as the services keep them."""
    candidates = stock.columns.candidates
    own = candidates[number * 7 % MODULES]
    done = [candidates[(number * 31 + turn * 800) % MODULES] for turn in range(OUTCOMES)]
    told = {"role": "machinist", "occupations": list(own.occupations), "tasks": list(own.tasks), "minutesPerDay": 25}

    def work(drawer: Drawer) -> None:
        drawer.put(PROFILE, "", parse_profile(told).to_dict())
        for turn, candidate in enumerate(done):
            how = ("alone", "with-help", "not")[(number + turn) % 3]
            at = now() - (OUTCOMES - turn) * 86_400 * SECOND
            kept = Recorded(str(turn), candidate.uri, how, at, candidate.skills, candidate.level, candidate.title, 9)
            drawer.put(OUTCOME, str(turn), kept.to_dict(), at)

    vault.change(f"worker-{number}", work)
