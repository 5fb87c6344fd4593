"""A small release in O*NET's form, and importers into a database of one's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from node.services.reference.importing.importer import Importer
from node.store.database import Database

OCCUPATIONS = [
    ("29-1141.00", "Registered Nurses", "Assess patients and give care."),
    ("51-4041.00", "Machinists", "Set up and operate machine tools."),
]
TASKS = [
    ("29-1141.00", "101", "Record patients' medical information and vital signs.", "Core"),
    ("29-1141.00", "102", "Order, interpret, and evaluate diagnostic tests.", "Core"),
    ("29-1141.00", "103", '"Post ""do not disturb"" signs."', "Supplemental"),
    ("51-4041.00", "201", "Measure finished parts with gauges to verify dimensions.", "Core"),
    ("51-4041.00", "202", "Record measurements and production data.", ""),
]
ACTIVITIES = [
    ("4.A.1", "4.A.1.I01", "4.A.1.I01.D01", "Record information.", "Documenting", "Keep records."),
    ("4.A.1", "4.A.1.I01", "4.A.1.I01.D02", "Record medical information.", "Documenting", "Keep records."),
    ("4.A.2", "4.A.2.I01", "4.A.2.I01.D01", "Measure products.", "Inspecting", "Inspect things."),
]
LINKS = [
    ("29-1141.00", "101", "4.A.1.I01.D01"),
    ("29-1141.00", "101", "4.A.1.I01.D02"),
    ("51-4041.00", "201", "4.A.2.I01.D01"),
    ("51-4041.00", "202", "4.A.1.I01.D01"),
]
TABLES: dict[str, list[tuple[str, ...]]] = {
    "occupation_data": [("O*NET-SOC Code", "Title", "Description"), *OCCUPATIONS],
    "task_statements": [("O*NET-SOC Code", "Task ID", "Task", "Task Type"), *TASKS],
    "dwa_reference": [("Element ID", "IWA ID", "DWA ID", "DWA Title", "Element Name", "IWA Title"), *ACTIVITIES],
    "tasks_to_dwas": [("O*NET-SOC Code", "Task ID", "DWA ID"), *LINKS],
    "alternate_titles": [("O*NET-SOC Code", "Alternate Title"), ("29-1141.00", "Ward Nurse"), ("29-1141.00", "RN")],
    "technology_skills": [("O*NET-SOC Code", "Example", "Commodity Title"), ("51-4041.00", "CAM", "Software")],
    "job_zones": [("O*NET-SOC Code", "Job Zone"), ("29-1141.00", "3"), ("51-4041.00", "3")],
}


class HereAndNow:
    """Heavy work without a process of its own."""

    def run(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return work(*arguments)

    def stop(self) -> None:
        pass


def write_table(folder: Path, name: str, rows: list[tuple[str, ...]]) -> Path:
    path = folder / f"{name}.tsv"
    path.write_text("".join("\t".join(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small release 29.3."""
    made = tmp_path / "db_29_3"
    made.mkdir()
    for name, rows in TABLES.items():
        write_table(made, name, rows)
    (made / "Read_Me.txt").write_text("O*NET 29.3 Database\nMay 2025 Release\n", "utf-8")
    return made


@pytest.fixture
def importer(database: Database) -> Importer:
    return Importer(database, HereAndNow(), lambda: None)  # type: ignore[arg-type]  # a stand-in with the same method
