"""`module import`: what others wrote, as modules in a folder of one's own; nothing is published by it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from node.cli.reaching.options import AsJson
from node.cli.terminal.output import counted, show
from node.errors import Malformed

Kind = Annotated[
    str, Parameter(name="--from", help="skills, carpentries, pages, gift or olx; found out when not given.")
]
_SHOWN = 20  # notes of one file


def register(modules: App) -> None:
    """Add the command."""
    modules.command(import_modules, name="import")


def import_modules(
    source: str, /, *, to: Annotated[Path, Parameter(name="--to", help="Folder to write to.")] = Path("imported"),
    kind: Kind = "", json: AsJson = False,
) -> int:  # fmt: skip
    """Turn skills, Carpentries lessons, Quarto, MyST or Docusaurus pages, GIFT quizzes or OLX courses into modules.

    SOURCE is a file, a folder or an https address of a git repository. Exit code 1 when something could not be read.
    """
    from node.cli.importing.files import Tree
    from node.cli.importing.git import clone
    from node.cli.importing.kinds import KINDS, import_tree
    from node.cli.importing.write import write_all

    if kind and kind not in KINDS:
        raise Malformed(f"{kind!r} cannot be imported.", hint=f"One of {', '.join(KINDS)}.")
    if "://" in source or source.startswith("git@"):
        with tempfile.TemporaryDirectory(prefix="skillnet-import-") as folder:
            place = clone(source, Path(folder))
            found = import_tree(Tree(place, name=source.rstrip("/").removesuffix(".git").rpartition("/")[2]), kind)
            written = write_all(found.modules, to)
    else:
        found = import_tree(Tree(Path(source)), kind)
        written = write_all(found.modules, to)
    facts = [
        {"path": str(path), "name": one.made.name, "source": one.source, "notes": list(one.made.notes)}
        for path, one in zip(written, found.modules, strict=True)
    ]
    lines = []
    for fact in facts:
        lines.append(f"{fact['source']} → {fact['path']}")
        lines += [f"  {note}" for note in fact["notes"][:_SHOWN]]
    lines += [f"not imported: {refusal}" for refusal in found.refused]
    lines.append(f"{counted(len(facts), 'module')} from {found.kind}. Check them with: skillnet module lint {to}")
    result = {"kind": found.kind, "modules": facts, "refused": list(found.refused)}
    show(result, as_json=json, lines=lines)
    return 1 if found.refused else 0
