"""The import contracts page, from `.importlinter`."""

from __future__ import annotations

from configparser import ConfigParser, SectionProxy
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent.parent / ".importlinter"
INTRODUCTION = """# Import contracts

The architecture is checked, not hoped for: `lint-imports` runs beside the tests and fails on an import that crosses
one of these lines. Layers are listed from the top; each may import those below it, and those joined by `|` not one
another.
"""
KINDS = {
    "source_modules": "These modules",
    "forbidden_modules": "may not import",
    "ancestors": "Inside",
    "ignore_imports": "Exceptions",
}


def page() -> str:
    """Every contract with its modules."""
    parser = ConfigParser(comment_prefixes=("#",), inline_comment_prefixes=None)
    parser.read(SOURCE, "utf-8")
    sections = (parser[name] for name in parser.sections() if name.startswith("importlinter:contract:"))
    return "\n".join([INTRODUCTION, *map(_contract, sections)])


def _contract(section: SectionProxy) -> str:
    parts = [f"## {section['name']}\n"]
    if "layers" in section:
        parts.append("\n".join(f"{n}. {_layer(line)}" for n, line in enumerate(_lines(section, "layers"), 1)) + "\n")
    for key, words in KINDS.items():
        if key in section:
            parts.append(f"{words}: {', '.join(f'`{line}`' for line in _lines(section, key))}\n")
    if section.get("allow_indirect_imports") == "True":
        parts.append("Only a direct import counts.\n")
    return "\n".join(parts)


def _layer(line: str) -> str:
    return " | ".join(f"`{name.strip()}`" for name in line.split("|"))


def _lines(section: SectionProxy, key: str) -> list[str]:
    return [line.strip() for line in section[key].splitlines() if line.strip()]
