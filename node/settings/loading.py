"""Reads settings from skillnet.toml and the environment, remembering where each value came from."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from node.errors import ConfigurationError
from node.settings.declared import Declared, Settings, declared_settings

FILE_NAME = "skillnet.toml"
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}

# Variables of the command line and the tests, not of a node.
FOREIGN_VARIABLES = frozenset(
    {"SKILLNET_DATA", "SKILLNET_CONFIG_HOME", "SKILLNET_PASSWORD", "SKILLNET_PASSPHRASE", "SKILLNET_SHARED_DATA"}
)
TEST_VARIABLES = "SKILLNET_TEST_"


def load_settings(
    data: Path, environment: Mapping[str, str], overrides: Mapping[str, Any] | None = None
) -> tuple[Settings, dict[str, str]]:
    """Settings of the node in `data`, and for each key where its value came from.

    Later wins: default, file, environment, command line (`overrides`, by attribute name).
    Raises ConfigurationError, naming the key.
    """
    known = {d.key: d for d in declared_settings()}
    values: dict[str, Any] = {}
    origins = dict.fromkeys(known, "default")
    for key, raw in _load_file(data / FILE_NAME, known).items():
        values[known[key].attribute] = _parse(known[key], raw)
        origins[key] = FILE_NAME
    variables = {d.variable: d for d in known.values()}
    for name, text in environment.items():
        if not name.startswith("SKILLNET_") or name in FOREIGN_VARIABLES or name.startswith(TEST_VARIABLES):
            continue
        if name not in variables:
            raise ConfigurationError(name, f"no setting has this variable{_nearest(name, variables)}")
        values[variables[name].attribute] = _parse(variables[name], text)
        origins[variables[name].key] = name
    for attribute, value in (overrides or {}).items():
        values[attribute] = value
        origins[next(d.key for d in known.values() if d.attribute == attribute)] = "command line"
    return Settings(data=data, **values), origins


def _load_file(path: Path, known: Mapping[str, Declared]) -> dict[str, Any]:
    """The file's values by dotted key; an absent file has none."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):  # what the folder is, is said when it is opened
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(FILE_NAME, f"not valid TOML: {error}", hint=f"Mend {path}.") from error
    except OSError as error:
        raise ConfigurationError(FILE_NAME, f"cannot be read: {error.strerror}", hint=f"See {path}.") from error
    flat: dict[str, Any] = {}
    for section, table in tables.items():
        for name, value in table.items() if isinstance(table, dict) else [("", table)]:
            key = f"{section}.{name}" if name else section
            if key not in known:
                raise ConfigurationError(key, f"unknown setting in {path.name}{_nearest(key, known)}")
            flat[key] = value
    return flat


def _nearest(name: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _parse(declared: Declared, raw: Any) -> Any:
    """`raw` from TOML or the environment as the type of the setting's default."""
    want = type(declared.default)
    if want is list:
        items = raw.split(",") if isinstance(raw, str) else raw
        if isinstance(items, list) and all(isinstance(item, str) for item in items):
            return [item.strip() for item in items if item.strip()]
    elif want is bool:
        if isinstance(raw, bool):
            return raw
        if str(raw).lower() in _TRUE | _FALSE:
            return str(raw).lower() in _TRUE
    elif want is int and not isinstance(raw, bool):
        try:
            return int(raw)
        except (TypeError, ValueError):
            pass
    elif want is str and isinstance(raw, str):
        return raw
    raise ConfigurationError(declared.key, f"expected {_TYPE_NAMES[want]}, found {raw!r}")


_TYPE_NAMES = {list: "a list of texts", bool: "true or false", int: "a whole number", str: "a text"}
