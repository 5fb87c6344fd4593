"""Faults of what a node depends on: a database server, a peer."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from node.cli.bench.chaos.between import Between
from node.cli.bench.chaos.checks import find_wrong
from node.cli.bench.chaos.coming_in import Followed
from node.cli.bench.chaos.disks import expect_again, fill_and_empty, small_disk
from node.cli.bench.chaos.kinds import NOTE, Findable, Kind, Records
from node.cli.bench.chaos.machine import do
from node.cli.bench.chaos.nursery import Nursery
from node.cli.bench.chaos.stage import OPERATOR, PASSWORD, NotHere, Refused, Stage, standing
from node.cli.bench.running import free_port

FLAPS = 8


class Cluster:
    """A PostgreSQL server of its own, in `folder`. Raises NotHere."""

    def __init__(self, folder: Path) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not found:
            raise NotHere("PostgreSQL is not installed")
        self._programs, self._place, self.port = found[-1].parent, folder / "cluster", free_port()
        folder.mkdir(parents=True)
        if os.geteuid() == 0:
            folder.chmod(0o755)
            shutil.chown(folder, "postgres")
            _let_through(folder)
        self._run("initdb", "-A", "trust", "-U", "skillnet", "-E", "UTF8", "--locale=C")
        self.control("start")

    @property
    def url(self) -> str:
        """The address of its database."""
        return _address(self.port)

    def control(self, *what: str) -> None:
        """start, restart or stop."""
        options = f"-p {self.port} -k {self._place.parent} -c listen_addresses=127.0.0.1"
        self._run("pg_ctl", "-w", "-o", options, "-l", str(self._place.parent / "log"), *what)

    def _run(self, program: str, *arguments: str) -> None:
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        do(*prefix, str(self._programs / program), "-D", str(self._place), *arguments)


def _let_through(folder: Path) -> None:
    """Others may pass through the temporary folders that this one lies in; the server is not root's."""
    top = Path(tempfile.gettempdir())
    for above in folder.parents:
        if not above.is_relative_to(top) or above == top:
            return
        above.chmod(above.stat().st_mode | 0o011)


@contextmanager
def cluster_in(folder: Path) -> Iterator[Cluster]:
    """A server for the length of the block. Raises NotHere."""
    cluster = Cluster(folder)
    try:
        yield cluster
    finally:
        cluster.control("stop", "-m", "immediate")


def _address(port: int) -> str:
    return f"postgresql://skillnet@127.0.0.1:{port}/postgres"


def database_restart(folder: Path, nursery: Nursery) -> list[str]:
    """PostgreSQL is ended under load, three times, without asking: who asks meanwhile is told to come back, the node
    connects again by itself."""
    with cluster_in(folder / "postgresql") as cluster:
        settings = f'[store]\ndatabase_url = "{cluster.url}"\n'
        with standing(folder / "served" / "node", nursery, settings) as stage:
            records = Records(stage)
            wrong: list[str] = []
            for _ in range(3):
                _write_for(records, 1.0)
                cluster.control("stop", "-m", "immediate")
                wrong += _comes_back_later(stage)
                cluster.control("start")
                wrong += expect_again(records, within=30) + records.lost()
            stage.victim.check_alive()
            return wrong + find_wrong(stage.victim.data, cluster.url)


def _comes_back_later(stage: Stage) -> list[str]:
    """Reading and writing are answered so while the database is away; whoever watches sees the process alive."""
    wrong = []
    with stage.victim.client() as client:
        key = {"repo": stage.people["anna"], "collection": NOTE}
        reading = client.get("/xrpc/com.atproto.repo.listRecords", params=key)
        signing_in = client.post("/api/session", json={"name": "anna", "password": PASSWORD})
        wrong += [
            f"without its database: {answer.request.url.path}: {answer.status_code}"
            for answer in (reading, signing_in)
            if answer.status_code != 503 or "retry-after" not in answer.headers
        ]
        if client.get("/health").status_code != 200:
            wrong.append("/health is not green")
    return wrong


def lost_answer(folder: Path, nursery: Nursery) -> list[str]:
    """PostgreSQL commits, and the connection ends before it can say so: nobody is held up, and all of it is known."""
    with cluster_in(folder / "postgresql") as cluster, Between(cluster.port) as between:
        settings = f'[store]\ndatabase_url = "{_address(between.port)}"\n'
        with standing(folder / "served" / "node", nursery, settings) as stage:
            findable, wrong = Findable(stage), []
            for number in range(1, 4):
                findable.write()
                between.lose_answer()
                if _writes(findable):
                    wrong.append("it was acknowledged without an answer")
                wrong += expect_again(findable, within=30)
                if not _begins_anew(stage, number):
                    wrong.append("it does not begin anew")
                wrong += findable.lost()
            wrong += [] if between.lost == 3 else [f"{between.lost} answers were lost"]
            drift = stage.ask(OPERATOR, "GET", "/api/search/comparison")
            wrong += [] if (drift["stale"], drift["surplus"]) == (0, 0) else [f"the index differs: {drift}"]
            return wrong + find_wrong(stage.victim.data, cluster.url)


def full_database(folder: Path, nursery: Nursery) -> list[str]:
    """PostgreSQL's disk is full: writes are refused as that, reading goes on; with room, everything does, by itself."""
    place = folder / "small"
    with small_disk(place), cluster_in(place / "postgresql") as cluster:
        settings = f'[store]\ndatabase_url = "{cluster.url}"\n'
        with standing(folder / "served" / "node", nursery, settings) as stage:
            records, findable = Records(stage), Findable(stage)
            wrong = fill_and_empty(stage, place, (records, findable), (records,))
            return wrong + records.lost() + findable.lost() + find_wrong(stage.victim.data, cluster.url)


def _begins_anew(stage: Stage, times: int) -> bool:
    """So many times by now; it is served again."""
    until = time.monotonic() + 60
    while stage.victim.words().count("node ready") <= times and time.monotonic() < until:
        time.sleep(0.1)
    stage.leave()
    stage.victim.until_ready()
    return stage.victim.words().count("node ready") > times


def _write_for(records: Records, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        records.write()


def _writes(kind: Kind) -> bool:
    try:
        kind.write()
    except Refused:
        return False
    return True


def flapping_peer(folder: Path, nursery: Nursery) -> list[str]:
    """A peer that comes and goes every second: all of it arrives in the end, and nobody here notices."""
    with standing(folder / "steady" / "node", nursery) as stage, closing(Followed(stage)) as followed:
        wrong = []
        for _ in range(FLAPS):
            until = time.monotonic() + 1
            while time.monotonic() < until:
                followed.write()
            followed.peer.victim.kill()
            began = time.monotonic()
            stage.ask(OPERATOR, "GET", "/api/peers")
            if time.monotonic() - began > 5:
                wrong.append("the node was held up by its peer")
            time.sleep(0.5)
            followed.peer.leave()
            followed.peer.victim.start()
        return wrong + followed.lost()
