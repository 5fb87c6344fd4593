"""The first minutes of a node: its folder, its settings file, its first operator."""

from __future__ import annotations

from pathlib import Path

from node.app.data_folder import DataFolder
from node.errors import ConfigurationError, Conflict, DataFolderError
from node.services.assembly import Services
from node.services.people.first_link import forget_first_link, keep_first_link
from node.services.people.tokens import link_with
from node.services.policy import Role
from node.settings.checks import check_settings
from node.settings.declared import Settings
from node.settings.loading import FILE_NAME, load_settings
from node.settings.writing import port_of

FIRST_OPERATOR = "operator"


def found(path: Path, *, url: str, organisation: str) -> Settings:
    """Write a new node's settings file. Raises Conflict when there is one, ConfigurationError for a wrong address."""
    check_settings(Settings(data=path, url=url, organisation=organisation))
    if not organisation.strip():
        raise ConfigurationError("node.organisation", "an organisation has a name")
    folder = DataFolder(path, making=True)
    try:
        file = path / FILE_NAME
        if file.exists():
            raise Conflict(f"{file} exists already.", hint="Edit it, or choose another folder with --data.")
        listening = f"\n[server]\nport = {port}\n" if (port := port_of(url)) else ""
        _write(file, f"[node]\nurl = {_quoted(url)}\norganisation = {_quoted(organisation)}\n{listening}")
        settings, _ = load_settings(path, {})
        return settings
    finally:
        folder.close()


def ensure_operator(services: Services) -> None:
    """A node that knows nobody gets its first operator, who chooses a password through a one-time link."""
    registry, folder = services.registry, services.settings.data
    operator = registry.find(FIRST_OPERATOR)
    if operator is None and not registry.list():
        operator = registry.add(FIRST_OPERATOR, (Role.OPERATOR,), display_name="Operator")
    if operator is None or operator.password:
        forget_first_link(folder)
        return
    token = registry.tokens.new_link(FIRST_OPERATOR)  # the one of the start before opens nothing any more
    keep_first_link(folder, link_with(services.settings.public_url, token))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(letter for letter in escaped if letter.isprintable()) + '"'


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, "utf-8")
    except OSError as error:
        raise DataFolderError(f"{path} cannot be written: {error.strerror}.") from error
