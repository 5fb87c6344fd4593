"""Changes one setting in the text of skillnet.toml and leaves every other byte as it is."""

from __future__ import annotations

import json
import re
import tomllib
from urllib.parse import urlsplit

from node.errors import ConfigurationError


def port_of(url: str) -> int:
    """Without a proxy in front, the port of an address on this machine is the one to listen on; 0 elsewhere."""
    parts = urlsplit(url)
    return (parts.port or 0) if parts.hostname == "localhost" else 0


def with_setting(text: str, key: str, value: str | int) -> str:
    """The text with `key` (`section.name`) set to a value. Raises ConfigurationError when its form forbids that."""
    section, _, name = key.partition(".")
    lines = text.splitlines()
    header = next((i for i, line in enumerate(lines) if re.fullmatch(rf"\s*\[\s*{section}\s*\]\s*(#.*)?", line)), None)
    if header is None:
        lines += [*([""] if lines else []), f"[{section}]"]
        header = len(lines) - 1
    end = next((i for i in range(header + 1, len(lines)) if lines[i].lstrip().startswith("[")), len(lines))
    known = next((i for i in range(header + 1, end) if re.match(rf"\s*{name}\s*=", lines[i])), None)
    written = f"{name} = {json.dumps(value, ensure_ascii=False)}"
    if known is None:
        lines.insert(header + 1, written)
    else:
        lines[known] = written
    changed = "\n".join(lines) + "\n"
    try:
        taken = tomllib.loads(changed)[section][name]
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        taken = None
    if taken != value:
        raise ConfigurationError(key, "could not be written into the settings file", hint="Change it by hand.")
    return changed
