"""The settings page."""

from __future__ import annotations

import json

from docs.generate.table import table
from node.settings.declared import Declared, declared_settings

INTRODUCTION = """# Settings

A node reads `skillnet.toml` in its data folder; a variable of the environment wins over the file, an option of the
command line over both. `skillnet config` shows each value and where it came from. A key that does not exist is an
error that names the nearest one. Sizes are bytes and times seconds, unless a name says otherwise.

```toml
[node]
url = "https://skills.example"
organisation = "Example Works"
```
"""


def page() -> str:
    """Every declared setting by section."""
    sections: dict[str, list[Declared]] = {}
    for item in declared_settings():
        sections.setdefault(item.key.partition(".")[0], []).append(item)
    return "\n".join([INTRODUCTION, *(_section(name, items) for name, items in sections.items())])


def _section(name: str, items: list[Declared]) -> str:
    return f"## [{name}]\n\n" + table(("key", "default", "meaning", "variable"), map(_row, items)) + "\n"


def _row(item: Declared) -> tuple[str, ...]:
    secret = " Secret: never shown." if item.secret else ""
    return f"`{item.key}`", f"`{json.dumps(item.default)}`", item.meaning + secret, f"`{item.variable}`"
