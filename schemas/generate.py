"""Write the record types from the lexicons: `python -m schemas.generate`."""

from graphlib import TopologicalSorter
from itertools import groupby
from pathlib import Path

from schemas.authority import RECORD_TYPES
from schemas.generation.model import Class, read_class, references
from schemas.generation.source import file_name, write_file, write_index

FOLDER = Path(__file__).parent / "records"


def generate() -> dict[str, str]:
    """The text of each generated file, by its name inside `schemas/records`."""
    classes = _classes()
    by_lexicon = sorted(classes, key=_nsid)  # sorting is stable: the order of containment survives inside a lexicon
    files = {f"{file_name(nsid)}.py": write_file(nsid, list(group)) for nsid, group in groupby(by_lexicon, _nsid)}
    return files | {"__init__.py": write_index(classes)}


def _nsid(each: Class) -> str:
    return each.definition_name.partition("#")[0]


def _classes() -> list[Class]:
    """Every record type and what it contains, each after what it contains."""
    found: dict[str, Class] = {}
    waiting = list(RECORD_TYPES)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = read_class(name)
            waiting += references(found[name])
    order = TopologicalSorter({name: sorted(references(found[name])) for name in sorted(found)}).static_order()
    return [found[name] for name in order]


def _write() -> None:
    files = generate()
    FOLDER.mkdir(exist_ok=True)
    for stale in {path.name for path in FOLDER.glob("*.py")} - files.keys():
        (FOLDER / stale).unlink()
    for name, text in files.items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    _write()
