"""Task and work-activity ids in the starter catalogue are real ones of O*NET 29.3, quoted word for word."""

import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from node import starter
from node.authoring.parse import parse_module, parse_task

SHARED = Path(os.environ.get("SKILLNET_SHARED_DATA", Path(__file__).parents[3] / "../shared/data"))
ROOT = Path(starter.__file__).parent
FRONTS = {
    path: (parse_module if path.parent.name == "modules" else parse_task)(path.read_text("utf-8"), str(path)).front.data
    for path in ROOT.glob("*/*/*.md")
}


def rows(text: io.TextIOBase, *columns: str) -> Iterator[tuple[str, ...]]:
    header = text.readline().rstrip("\n").split("\t")
    places = [header.index(column) for column in columns]
    for line in text:
        cells = line.rstrip("\n").split("\t")
        yield tuple(cells[place] for place in places)


@pytest.fixture(scope="module")
def onet() -> dict[str, dict[str, str]]:
    """Tasks `code/id` → statement, and activities id → title."""
    archive = SHARED / "onet.tar.xz"
    if not archive.exists():
        pytest.skip(f"no {archive.name} in the shared data folder")
    found: dict[str, dict[str, str]] = {}
    wanted = {
        "task_statements.tsv": ("tasks", "O*NET-SOC Code", "Task ID", "Task"),
        "dwa_reference.tsv": ("activities", "DWA ID", "DWA Title"),
    }
    with tarfile.open(archive) as tar:
        for member in tar:
            folder, _, name = member.name.rpartition("/")
            file = tar.extractfile(member) if name in wanted and folder.endswith("db_29_3") else None
            if file is None:
                continue
            key, *columns = wanted[name]
            table = rows(io.TextIOWrapper(file, "utf-8"), *columns)
            found[key] = {"/".join(cells[:-1]): cells[-1] for cells in table}
            if len(found) == len(wanted):
                break
    return found


def test_ids_are_real(onet: dict[str, dict[str, str]]) -> None:
    for path, front in FRONTS.items():
        for task in front.get("tasks", []):
            if task.startswith("onet:"):
                assert task[5:] in onet["tasks"], f"{path.name}: {task}"
        for skill in front["skills"]:
            if skill.startswith("onet:"):
                assert skill[5:] in onet["activities"], f"{path.name}: {skill}"


def test_statements_are_quoted_word_for_word(onet: dict[str, dict[str, str]]) -> None:
    for path, front in FRONTS.items():
        if path.parent.name == "tasks":
            stated = onet["tasks"][front["source"].removeprefix("onet:")]
            adapted = "our own" in front["attribution"] and "Statement and steps" in front["attribution"]
            assert adapted or front["statement"] == stated, path.name
            assert "O*NET" in front["attribution"]
