"""Studies of what assistants can do, and are used for, in O*NET's tasks.

- `full_labelset.tsv`: Eloundou, Manning, Mishkin, Rock, "GPTs are GPTs" (2023): judged exposure and automation.
- `automation_vs_augmentation_by_task_v*.csv`: Anthropic Economic Index (CC BY 4.0): shares of observed conversations.
  Its tasks are given in words, those of an older release; they are joined by their wording.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from node.services.reference.importing.errors import FilesMissing, ValueWrong
from node.services.reference.importing.folder import ReleaseFolder
from node.services.reference.importing.onet_codes import COLUMN
from node.services.reference.importing.parsed import Parsed
from node.services.reference.importing.tabular import Row, Table

MILLION = 1_000_000
MOSTLY = 0.6  # share from which one way of use gives the finding
_DATES = {"2": "2025-03", "3": "2025-09", "4": "2026-01"}
_AUTOMATION, _AUGMENTATION = ("directive", "feedback_loop"), ("learning", "task_iteration", "validation")
_LABELS = ("E0", "E1", "E2")


def parse_exposure(folder: str, statements: Mapping[str, str]) -> list[Parsed]:
    """Every study found in `folder` or the folders in it. `statements`: task id → wording. Raises ReferenceInvalid."""
    places = [Path(folder), *sorted(path for path in Path(folder).glob("*") if path.is_dir())]
    found = [study for place in places for study in _studies(place, statements)]
    if not found:
        raise FilesMissing(folder, "There is no full_labelset or automation_vs_augmentation_by_task_v… here.")
    return found


def _studies(place: Path, statements: Mapping[str, str]) -> list[Parsed]:
    if not place.is_dir():
        return []
    found, files = [], ReleaseFolder(place)
    if (table := files.find("full_labelset")) is not None:
        found.append(_judged(table, statements))
    newest = max((p for p in place.glob("automation_vs_augmentation_by_task_v*.csv")), key=_edition, default=None)
    if newest is not None:
        found.append(_used(Table(newest), str(_edition(newest)), statements))
    return found


def _edition(path: Path) -> int:
    digits = re.search(r"_v(\d+)$", path.stem)
    return int(digits[1]) if digits else 0


def _judged(table: Table, statements: Mapping[str, str]) -> Parsed:
    rows: dict[str, dict[str, Any]] = {}
    columns = (COLUMN, "Task ID", "human_exposure_agg", "gpt4_exposure", "beta", "automation")
    for row in table.rows(*columns):
        soc, number, people, model, beta, automation = row.values
        task = f"onet:{soc}/{number.partition('.')[0]}"
        label = people if people in _LABELS else model
        if label not in _LABELS:
            raise ValueWrong(row.place, f"{label[:40]!r} is no exposure (E0, E1, E2).")
        if task in statements:
            rows[task] = _judgement(row, task, label, (beta, automation))
    said = "Eloundou, Manning, Mishkin and Rock, GPTs are GPTs (2023): judged by people and a model, not observed."
    study = Parsed("study-judged", "2023", "GPTs are GPTs", said, "MIT", "2023-08")
    return _with_rows(study, table, rows)


def _judgement(row: Row, task: str, label: str, numbers: tuple[str, str]) -> dict[str, Any]:
    exposure, automation = (_share(row, text) for text in numbers)
    finding = "not" if label == "E0" else "automate" if automation >= 0.75 else "augment"
    words = {
        "not": "Judged: an assistant would hardly save time here.",
        "automate": "Judged: an assistant could do most of it, with somebody who checks.",
        "augment": "Judged: an assistant could save much time as a help; the work stays a person’s.",
    }[finding]
    shares = {"exposure": round(exposure * MILLION), "automation": round(automation * MILLION)}
    return {"task": task, "finding": finding, "shares": shares, "words": words}


def _used(table: Table, edition: str, statements: Mapping[str, str]) -> Parsed:
    by_words: dict[str, list[str]] = {}
    for task, text in statements.items():
        by_words.setdefault(_plain(text), []).append(task)
    name = "task" if table.has("task") else "task_name"
    rows: dict[str, dict[str, Any]] = {}
    for row in table.rows(name, *_AUTOMATION, *_AUGMENTATION):
        shares = [_share(row, text) for text in row.values[1:]]
        for task in by_words.get(_plain(row.values[0]), ()):
            if found := _use(task, sum(shares[:2]), sum(shares[2:])):
                rows[task] = found
    said = f"Anthropic Economic Index, release v{edition}, CC BY 4.0: shares of observed conversations."
    date = _DATES.get(edition, "")
    study = Parsed("study-observed", f"v{edition}", "Anthropic Economic Index", said, "CC-BY-4.0", date)
    return _with_rows(study, table, rows)


def _use(task: str, automated: float, augmented: float) -> dict[str, Any] | None:
    total = automated + augmented
    if total <= 0:
        return None
    share = automated / total
    finding = "automate" if share >= MOSTLY else "augment" if share <= 1 - MOSTLY else "both"
    said = {
        "automate": "mostly handed over whole",
        "augment": "mostly as a help: to learn, to go over drafts, to check",
        "both": "both handed over and as a help",
    }[finding]
    words = f"Observed: {said} ({round(share * 100)} % handed over, {round((1 - share) * 100)} % as a help)."
    shares = {"automation": round(share * MILLION), "augmentation": round((1 - share) * MILLION)}
    return {"task": task, "finding": finding, "shares": shares, "words": words}


def _with_rows(study: Parsed, table: Table, rows: Mapping[str, dict[str, Any]]) -> Parsed:
    study.sections, study.given, study.files = {"exposure": list(rows.values())}, {"exposure"}, {table.name: len(table)}
    return study


def _share(row: Row, text: str) -> float:
    try:
        value = float(text or 0)
    except ValueError as error:
        raise ValueWrong(row.place, f"{text[:40]!r} is no share.") from error
    if not 0 <= value <= 1.000001:
        raise ValueWrong(row.place, f"{text[:40]!r} is no share between 0 and 1.")
    return value


def _plain(text: str) -> str:
    return " ".join(text.lower().split()).rstrip(".")
