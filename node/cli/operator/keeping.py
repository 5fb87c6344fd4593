"""Operator: backup, restore, export."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from node.cli.reaching.folders import data_folder
from node.cli.reaching.options import AsJson, Data, Flag
from node.cli.terminal.output import counted, show
from node.cli.terminal.passwords import ask
from node.cli.terminal.progress import progress_bar
from node.errors import Malformed

VARIABLE = "SKILLNET_PASSPHRASE"
SHORTEST = 12

PassphraseFile = Annotated[
    Path | None,
    Parameter(name="--passphrase-file", help=f"File whose first line is the passphrase; else {VARIABLE}, else asked."),
]


def register(app: App) -> None:
    """Add the commands."""
    app.command(backup)
    app.command(restore)
    app.command(export)


def backup(file: Path, /, *, passphrase_file: PassphraseFile = None, data: Data = None, json: AsJson = False) -> int:
    """Write an encrypted backup of a running or stopped node to FILE and FILE.keys, and read it again.

    Exit code 1 when files are missing that records name; the backup is written all the same.
    """
    from node.cli.reaching.folders import settings_in
    from node.services.erasures import ERASURE_LOG
    from node.services.keeping.backing_up import back_up

    path = data_folder(data)
    settings = settings_in(path)
    phrase = _passphrase(passphrase_file)
    with progress_bar() as bar:
        report = back_up(settings, file, phrase, lambda text: bar(text, 0.0))
    values = {
        "file": str(report.path), "keys": str(report.keys), "rows": report.rows, "files": report.files,
        "bytes": report.size, "missing": report.missing, "unexpected": report.unexpected,
    }  # fmt: skip
    lines = [
        *report.unexpected,
        f"{report.path}: {_held(report.rows, report.files)} in {report.size / 1e6:.1f} MB, read again.",
        f"{report.keys} opens people's private data: keep it in another place.",
        *(f"Lost or damaged here, so not in the backup: {cid}" for cid in report.missing),
        _on_erasures(path / ERASURE_LOG),
    ]
    show(values, as_json=json, lines=lines)
    return 1 if report.missing else 0


def _held(rows: int, files: int) -> str:
    return f"{counted(rows, 'row')} and {counted(files, 'file')}"


def _on_erasures(log: Path) -> str:
    if log.exists():
        return f"Keep a copy of {log} apart from both: with it, nothing erased or taken down comes back."
    return f"Nothing was erased or taken down yet: from then on, keep a copy of {log} apart from both."


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Erased:
    """Where the log of erasures is."""

    erasures: Annotated[Path | None, Parameter(help="The log of erasures: erasures.log of the old folder.")] = None
    no_erasures: Annotated[
        bool, Flag, Parameter(name="--no-erasures", help="The log is lost: what was erased or taken down comes back.")
    ] = False

    def find(self, folder: Path) -> Path | None:
        """The log; None when it is said to be lost. Raises Malformed when nothing is said and none is there."""
        from node.services.erasures import ERASURE_LOG

        own = folder / ERASURE_LOG
        log = self.erasures or (own if own.exists() and own.stat().st_size else None)
        if log is None and not self.no_erasures:
            hint = "--erasures FILE, or --no-erasures if nobody was erased or it is lost."
            raise Malformed("The log of erasures is not named.", hint=hint)
        return log


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Moved:
    """What is different from the node that was backed up."""

    url: Annotated[str, Parameter(help="The node's new address, when it moves.")] = ""
    database_url: Annotated[str, Parameter(name="--database-url", help="Another database: postgresql://…")] = ""


def restore(
    file: Path, /, *, erased: Erased | None = None, moved: Moved | None = None, passphrase_file: PassphraseFile = None,
    data: Data = None, json: AsJson = False,
) -> None:  # fmt: skip
    """Make the node of a backup again in an empty data folder."""
    from node.app.restoring import restore_node
    from node.services.keeping.restoring import Restoring

    path = data_folder(data)
    log, different = (erased or Erased()).find(path), moved or Moved()
    wanted = Restoring(file, _passphrase(passphrase_file), path, log, different.url, different.database_url)
    with progress_bar() as bar:
        restored, settled = restore_node(wanted, os.environ, lambda text: bar(text, 0.0))
    values = {
        "data": str(path), "url": restored.settings.public_url, "at": restored.at, "rows": restored.rows,
        "files": restored.files, "announced": settled.announced, "notTold": settled.not_told,
    }  # fmt: skip
    lines = [
        f"{path} is the node of {restored.at}: {_held(restored.rows, restored.files)}.",
        f"Committed anew: {counted(settled.announced, 'repository', 'repositories')}.",
        f"It lives at {restored.settings.public_url}.",
        "Everybody signs in again. Keys for programs hold on, those too that were revoked since the backup.",
        *(f"Still to do for {did}: {why}" for did, why in settled.not_told.items()),
        f"Start it with: skillnet serve --data {path}",
        *_needed_again(os.environ),
    ]
    show(values, as_json=json, lines=lines)


def _needed_again(environment: Mapping[str, str]) -> list[str]:
    """What a restore was told by its environment stands in no file."""
    told = sorted(name for name in environment if name.startswith(("SKILLNET_BLOBS_", "SKILLNET_STORE_")))
    return [f"It needs what this command was told by {', '.join(told)}: there, or in skillnet.toml."] if told else []


def export(
    folder: Path, /, *,
    everything: Annotated[bool, Flag, Parameter(help="All that the organisation may take along.")] = False,
    data: Data = None, json: AsJson = False,
) -> int:  # fmt: skip
    """Write repositories, files, internal content, people and settings to FOLDER in open formats.

    Nothing in it is sealed, and no secret is in it. An interrupted export is taken up where it stopped.
    Exit code 1 when files are missing that records name.
    """
    from node.cli.reaching.folders import settings_in
    from node.services.keeping.everything import LEFT_OUT, export_everything

    if not everything:
        hint = "`skillnet export --everything FOLDER`; one module or task: `skillnet module export URI --to FOLDER`."
        raise Malformed("What should be exported?", hint=hint)
    with progress_bar() as bar:
        found = export_everything(settings_in(data_folder(data)), folder, lambda text: bar(text, 0.0))
    repositories = counted(found.repositories, "repository", "repositories")
    values = {
        "folder": str(found.path), "repositories": found.repositories, "files": found.files, "resumed": found.resumed,
        "missing": found.missing,
    }  # fmt: skip
    lines = [
        f"{found.path}: {counted(found.files, 'file')}, {repositories} among them; SHA256SUMS lists them.",
        *(f"Lost or damaged here, so not in the export: {cid}" for cid in found.missing),
        *(f"Left out: {what}. {why}" for what, why in LEFT_OUT.items()),
    ]
    show(values, as_json=json, lines=lines)
    return 1 if found.missing else 0


def _passphrase(file: Path | None) -> str:
    if file is not None:
        phrase = file.read_text("utf-8").partition("\n")[0].rstrip("\r")
    else:
        otherwise = f"--passphrase-file, {VARIABLE}"
        phrase = os.environ.get(VARIABLE) or ask("passphrase", "Passphrase of the backup: ", otherwise)
    if len(phrase) < SHORTEST:
        raise Malformed(f"A passphrase has at least {SHORTEST} characters.", hint="Five random words work well.")
    return phrase
