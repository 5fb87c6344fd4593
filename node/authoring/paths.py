"""Paths as record values and back (lexicon org.skillnet.pathVersion).

In Markdown a path is front matter, a few words on the purpose, and a numbered list of links to modules in order; any
viewer shows it as it is. Read by `parse_path`.
"""

from collections.abc import Mapping
from typing import Any, Final

from node.authoring.document import PathDocument, Stop
from node.authoring.front_matter.dump import dump_front_matter
from node.authoring.names import module_address
from node.authoring.stops.edit import escaped
from schemas.authority import PATH_VERSION

_FIELDS: Final = (
    "name", "title", "description", "language", "license", "level", "minutes", "occupations", "tasks", "skills",
    "reviewBy", "translationOf",
)  # fmt: skip
_OWN_KEYS: Final = frozenset({*_FIELDS, "kind", "derivedFrom", "visibility"})


def path_value(
    document: PathDocument, did: str, addresses: Mapping[str, str] | None = None, licence: str = "CC-BY-4.0"
) -> dict[str, Any]:
    """The value of a pathVersion record by `did`; valid when the document has no errors.

    `addresses` maps words for skills to ids.
    """
    data = document.front.data
    value: dict[str, Any] = {"$type": PATH_VERSION, "license": licence}
    value |= {name: _plain(data[name], addresses or {}) for name in _FIELDS if data.get(name) not in (None, "", [])}
    derived = data.get("derivedFrom")
    if isinstance(derived, Mapping) and str(derived.get("uri", "")).startswith("at://") and derived.get("cid"):
        value["derivedFrom"] = {"uri": str(derived["uri"]), "cid": str(derived["cid"])}
    metadata = {key: entry for key, entry in data.items() if key not in _OWN_KEYS}
    if metadata:
        value["metadata"] = metadata
    if document.purpose.strip():
        value["body"] = document.purpose.strip() + "\n"
    value["modules"] = [_stop_value(stop, did) for stop in document.stops]
    return value


def path_source(value: Mapping[str, Any]) -> str:
    """Markdown of a record's value, as its curator would keep it."""
    front: dict[str, Any] = {"kind": "path", **{name: value[name] for name in _FIELDS if name in value}}
    if value.get("derivedFrom"):
        front["derivedFrom"] = {key: str(value["derivedFrom"][key]) for key in ("uri", "cid")}
    front |= {key: entry for key, entry in (value.get("metadata") or {}).items() if key not in front}
    lines = [_stop_line(number, stop) for number, stop in enumerate(value.get("modules", ()), 1)]
    body = str(value.get("body", "")).strip()
    return f"---\n{dump_front_matter(front)}---\n{body + chr(10) * 2 if body else ''}{chr(10).join(lines)}\n"


def is_major(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Is the new state another thing than what was endorsed: other modules, or another order?"""
    return [stop.get("module") for stop in old.get("modules", ())] != [
        stop.get("module") for stop in new.get("modules", ())
    ]


def _stop_value(stop: Stop, did: str) -> dict[str, Any]:
    value: dict[str, Any] = {"module": module_address(stop.target, did)}
    if stop.title:
        value["title"] = stop.title[:300]
    if stop.note:
        value["note"] = stop.note[:1000]
    return value | ({"optional": True} if stop.optional else {})


def _stop_line(number: int, stop: Mapping[str, Any]) -> str:
    title = str(stop.get("title", "") or str(stop.get("module", "")).rpartition("/")[2])
    optional = " (optional)" if stop.get("optional") else ""
    note = f" {stop['note']}" if stop.get("note") else ""
    return f"{number}. [{escaped(title)}]({stop.get('module', '')}){optional}{note}"


def _plain(value: Any, addresses: Mapping[str, str]) -> Any:
    """YAML gives dates and single words where lists are wanted."""
    if isinstance(value, list):
        return [addresses.get(str(entry), str(entry)) for entry in value]
    return value if isinstance(value, int) and not isinstance(value, bool) else str(value)
