"""The lexicons page: every record and query under the project's own authority."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docs.generate.table import table
from schemas.authority import AUTHORITY
from schemas.catalog import get_lexicon, list_lexicons

INTRODUCTION = f"""# Lexicons

The wire schemas under `{AUTHORITY}`. Unknown fields are kept, new fields are optional, and a breaking change gets a
new id. The authority is one constant, `schemas/authority.py`: whoever launches a public network owns that domain
first and sets the `_lexicon` record there. A node publishes each of these as a `com.atproto.lexicon.schema` record.
"""
LIMITS = ("maxLength", "maxGraphemes", "minLength", "minimum", "maximum", "maxSize")


def own_lexicons() -> tuple[str, ...]:
    """The ids of the project's own lexicons."""
    return list_lexicons(AUTHORITY + ".")


def page() -> str:
    """Every lexicon, alphabetically."""
    return "\n".join([INTRODUCTION, *map(_lexicon, own_lexicons())])


def _lexicon(nsid: str) -> str:
    defs = get_lexicon(nsid)["defs"]
    return f"## {nsid}\n\n" + "\n".join(_definition(name, body) for name, body in defs.items())


def _definition(name: str, body: Mapping[str, Any]) -> str:
    kind = body["type"]
    title = [] if name == "main" else [f"### {name}\n"]
    words = body.get("description", "")
    key = f", key `{body['key']}`" if "key" in body else ""
    lines = [*title, f"**{kind}**{key}{'. ' + words if words else ''}\n"]
    for heading, schema in _parts(body):
        lines += [f"{heading}:\n"] * bool(heading) + [_fields(schema) + "\n"]
    return "\n".join(lines)


def _parts(body: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The objects inside a definition that have fields, with what each is."""
    candidates = (
        ("", body),
        ("", body.get("record", {})),
        ("Parameters", body.get("parameters", {})),
        ("Input", body.get("input", {}).get("schema", {})),
        ("Output", body.get("output", {}).get("schema", {})),
    )
    return [(heading, schema) for heading, schema in candidates if schema.get("properties")]


def _fields(schema: Mapping[str, Any]) -> str:
    required = set(schema.get("required", ()))
    rows = (
        (f"`{name}`" + (" *" if name in required else ""), _type(field), field.get("description", ""))
        for name, field in schema["properties"].items()
    )
    return table(("field (* required)", "type", "meaning"), rows)


def _type(field: Mapping[str, Any]) -> str:
    if field["type"] == "array":
        return "list of " + _type(field["items"]) + _limits(field)
    named = field.get("ref") or " or ".join(field.get("refs", ())) or field.get("format") or field["type"]
    values = field.get("enum") or field.get("knownValues")
    return f"`{named}`" + (": " + " · ".join(map(str, values)) if values else _limits(field))


def _limits(field: Mapping[str, Any]) -> str:
    limits = [f"{name} {field[name]}" for name in LIMITS if name in field]
    return f" ({', '.join(limits)})" if limits else ""
