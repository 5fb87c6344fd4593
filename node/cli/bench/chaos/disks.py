"""Faults of what a node is stored on."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from node.cli.bench.chaos.checks import find_wrong
from node.cli.bench.chaos.copies import PATIENCE, PHRASE
from node.cli.bench.chaos.kinds import NOTE, Blobs, Findable, Records
from node.cli.bench.chaos.machine import HOWEVER, do
from node.cli.bench.chaos.nursery import Nursery
from node.cli.bench.chaos.stage import OPERATOR, Refused, Stage, standing

SIZE = 96  # MB of the disk that is filled
BETWEEN = 0.05  # seconds between two writes: a fast machine would write more than an account may in an hour
PAGE = 4096  # bytes of SQLite's pages


@contextmanager
def small_disk(place: Path) -> Iterator[None]:
    """A file system of its own at `place`. Raises NotHere."""
    place.mkdir(parents=True)
    do("mount", "-t", "tmpfs", "-o", f"size={SIZE}m,mode=700", "skillnet-chaos", str(place))
    try:
        yield
    finally:
        do("umount", "-l", str(place), well=HOWEVER)


def full_disk(folder: Path, nursery: Nursery) -> list[str]:
    """Writes are refused as what they are, reading goes on; once there is room, everything does, by itself."""
    place = folder / "small"
    with small_disk(place), standing(place / "node", nursery) as stage:
        records, pictures = Records(stage), Blobs(stage)
        wrong = fill_and_empty(stage, place, (records, pictures), (records, pictures))
        stage.victim.kill()
        stage.leave()
        stage.victim.start()
        return wrong + records.lost() + pictures.lost() + find_wrong(stage.victim.data)


def fill_and_empty(stage: Stage, place: Path, kinds: Sequence[Any], refused: Sequence[Any]) -> list[str]:
    """All `kinds` are written; on the full disk of `place` those `refused` are, as that; with room all are again."""
    for _ in range(5):
        for kind in kinds:
            kind.write()
    filler = place / "filler"
    _fill(filler)
    wrong = expect_refused(stage, "507", *refused)
    filler.unlink()
    return wrong + expect_again(*kinds)


def _fill(filler: Path) -> None:
    """Let a file take all the room that there is."""
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue


def read_only_disk(folder: Path, nursery: Nursery) -> list[str]:
    """As a full one; files are closed for writing under the node's hands by an emergency."""
    place = folder / "sealed"
    with small_disk(place), standing(place / "node", nursery) as stage:
        records, pictures = Records(stage), Blobs(stage)
        records.write()
        stage.victim.stop()
        stage.leave()
        do("mount", "-o", "remount,ro", str(place))
        wrong = refuses_to_start(stage, folder / "sealed.log")
        do("mount", "-o", "remount,rw", str(place))
        stage.victim.start()
        wrong += expect_again(records, pictures)
        return wrong + records.lost() + pictures.lost() + find_wrong(stage.victim.data)


def refuses_to_start(stage: Stage, log: Path) -> list[str]:
    """In one line that names the reason."""
    arguments = ("serve", "--data", str(stage.victim.data), "--port", str(stage.victim.port))
    code = stage.victim.nursery.start(log, *arguments).wait(PATIENCE)
    said = log.read_text("utf-8")
    return [] if code == 1 and "read-only" in said.lower() else [f"on a read-only disk: exit {code}: {said}"]


def expect_refused(stage: Stage, status: str, *kinds: Any) -> list[str]:
    """Each kind of writing is refused with `status`; what is there is still read."""
    wrong = []
    for kind in kinds:
        for _ in range(4):
            try:
                kind.write()
            except Refused as refusal:
                if f": {status} " not in str(refusal):
                    wrong.append(f"{kind.name} is refused as {refusal}")
                break
        else:
            wrong.append(f"{kind.name} went on: the disk was not full")
        wrong += kind.lost()
    if stage.ask(OPERATOR, "GET", "/health")["status"] != "ok":
        wrong.append("/health is not green")
    return wrong


def expect_again(*kinds: Any, within: float = 20.0) -> list[str]:
    """Writing goes on by itself within so many seconds."""
    wrong = []
    for kind in kinds:
        until = time.monotonic() + within
        while True:
            try:
                kind.write()
                break
            except Refused as refusal:
                if time.monotonic() > until:
                    wrong.append(f"{kind.name} does not go on: {refusal}")
                    break
                time.sleep(0.2)
    return wrong


def damaged_page(folder: Path, nursery: Nursery) -> list[str]:
    """The doctor finds it and names the way out, which works: restore from the backup."""
    with standing(folder / "damaged" / "node", nursery) as stage:
        records = Records(stage)
        records.write()
        data, phrase = stage.victim.data, folder / "phrase.txt"
        phrase.write_text(PHRASE)
        backup = folder / "damaged" / "safe.backup"
        options = ("--passphrase-file", str(phrase))
        log = folder / "damaged" / "commands.json"
        made = nursery.start(log, "backup", str(backup), "--data", str(data), *options).wait(PATIENCE)
        stage.victim.stop()
        stage.leave()
        _damage(data / "skillnet.db", NOTE.encode())
        wrong = [] if made == 0 else ["the backup was not made"]
        wrong += doctor_says(nursery, folder / "damaged" / "doctor.json", data, "database", "restore")
        again = folder / "damaged" / "again"
        known = ("--erasures", str(data / "erasures.log")) if (data / "erasures.log").exists() else ("--no-erasures",)
        arguments = ("restore", str(backup), "--data", str(again), *known)
        if nursery.start(log, *arguments, *options).wait(PATIENCE) != 0:
            return [*wrong, f"the backup was not restored: {log.read_text('utf-8')[-300:]}"]
        stage.victim.data = again
        stage.victim.start()
        return wrong + records.lost() + find_wrong(again, restored=True)


def _damage(file: Path, planted: bytes) -> None:
    """Overwrite the page in which these bytes lie, as a failing disk would."""
    start = file.read_bytes().index(planted) // PAGE * PAGE
    with file.open("r+b") as raw:
        raw.seek(start)
        raw.write(os.urandom(PAGE))


def doctor_says(nursery: Nursery, answer: Path, data: Path, about: str, mend: str) -> list[str]:
    """The doctor finds something wrong `about` the node and names the way out, in words with `mend` in them."""
    code = nursery.start(answer, "doctor", "--data", str(data), "--json").wait(PATIENCE)
    try:
        findings = json.loads(answer.read_text("utf-8"))["findings"]
    except ValueError:
        return [f"the doctor ends with {code}: {answer.read_text('utf-8')[-300:]}"]
    found = [one for one in findings if one["name"].startswith(about) and not one["ok"]]
    named = code == 1 and found and mend in str([one["mend"] for one in found])
    return [] if named else [f"the doctor does not find it: {found}"]


def lost_log(folder: Path, nursery: Nursery) -> list[str]:
    """SQLite's write-ahead log is deleted under the running node: it begins anew, and with it nothing is lost."""
    with standing(folder / "unlogged" / "node", nursery) as stage:
        records, log = Records(stage), stage.victim.data / "skillnet.db-wal"
        for _ in range(5):
            records.write()
        log.unlink()
        until = time.monotonic() + PATIENCE
        while not (is_anew := log.exists() and "begins anew" in stage.victim.words()) and time.monotonic() < until:
            records.write()
            time.sleep(BETWEEN)
        wrong = [] if is_anew else ["it did not notice"]
        stage.victim.kill()
        stage.leave()
        stage.victim.start()
        return wrong + records.lost() + find_wrong(stage.victim.data)


def lost_index(folder: Path, nursery: Nursery) -> list[str]:
    """Deleted while the node stands still, and under its hands: it is filled again by itself."""
    with standing(folder / "unfound" / "node", nursery) as stage:
        findable = Findable(stage)
        for _ in range(5):
            findable.write()
        wrong = findable.lost()
        stage.victim.stop()
        stage.leave()
        shutil.rmtree(stage.victim.data / "search")
        stage.victim.start()
        wrong += findable.lost()
        shutil.rmtree(stage.victim.data / "search")
        until = time.monotonic() + PATIENCE
        findable.write()
        while (lost := findable.lost()) and time.monotonic() < until:
            time.sleep(0.5)
        stage.victim.kill()  # what was found so far may have been in files that are open and have no name
        stage.leave()
        stage.victim.start()
        return wrong + lost + findable.lost()
