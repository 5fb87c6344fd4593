"""What the record types look like: classes and fields, read from lexicons."""

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from schemas.catalog import carried_lexicons
from schemas.lexicon.references import full_name

Definition = dict[str, Any]
FORMAT_CLASSES: Final = {
    "at-identifier": "AtIdentifier",
    "at-uri": "AtUri",
    "cid": "Cid",
    "datetime": "Datetime",
    "did": "Did",
    "handle": "Handle",
    "language": "Language",
    "nsid": "Nsid",
    "record-key": "RecordKey",
    "tid": "Tid",
    "uri": "Uri",
}


@dataclass(frozen=True)
class Kind:
    """A type of value. `shape` is plain, identifier, object, array, blob or unknown."""

    shape: str
    annotation: str
    item: "Kind | None" = None
    reference: str = ""


@dataclass(frozen=True)
class Field:
    """A field of a record or of an object inside one."""

    wire_name: str
    kind: Kind
    required: bool
    description: str

    @property
    def name(self) -> str:
        """The name in Python: `from_` for `from`, `review_by` for `reviewBy`."""
        snake = snake_case(self.wire_name)
        return f"{snake}_" if keyword.iskeyword(snake) else snake


@dataclass(frozen=True)
class Class:
    """A record type (`is_record`) or an object that records contain, with the full name of its definition."""

    name: str
    definition_name: str
    description: str
    is_record: bool
    fields: list[Field] = field(default_factory=list)


def snake_case(name: str) -> str:
    """`moduleVersion` → `module_version`."""
    return re.sub("(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def class_name(definition_name: str) -> str:
    """`org.skillnet.moduleVersion` → `ModuleVersion`, `org.skillnet.defs#tool` → `Tool`."""
    last = re.split("[.#]", definition_name)[-1]
    return last[0].upper() + last[1:]


def read_class(definition_name: str) -> Class:
    """Describe the class of a record or object definition of the carried lexicons."""
    definition = carried_lexicons().get_definition(definition_name)
    is_record = definition["type"] == "record"
    shape = definition["record"] if is_record else definition
    nsid = definition_name.partition("#")[0]
    description = definition.get("description") or carried_lexicons().get_document(nsid).get("description", "")
    fields = [
        Field(name, read_kind(part, nsid), name in shape.get("required", ()), part.get("description", ""))
        for name, part in shape["properties"].items()
    ]
    fields.sort(key=lambda each: not each.required)
    return Class(class_name(definition_name), definition_name, description, is_record, fields)


def read_kind(definition: Definition, nsid: str) -> Kind:
    """The Python type of a definition found in the lexicon `nsid`."""
    kind = definition["type"]
    if kind == "string":
        return _string_kind(definition)
    if kind == "ref":
        name = full_name(definition["ref"], nsid)
        return Kind("object", class_name(name), reference=name)
    if kind == "array":
        item = read_kind(definition["items"], nsid)
        return Kind("array", f"tuple[{item.annotation}, ...]", item)
    return {
        "integer": Kind("plain", "int"),
        "boolean": Kind("plain", "bool"),
        "bytes": Kind("plain", "bytes"),
        "blob": Kind("blob", "Blob"),
        "unknown": Kind("unknown", "Mapping[str, Any]"),
    }[kind]


def references(each: Class) -> Iterator[str]:
    """The full names of the definitions that a class contains."""
    for member in each.fields:
        kind = member.kind.item or member.kind
        if kind.reference:
            yield kind.reference


def _string_kind(definition: Definition) -> Kind:
    if "format" in definition:
        return Kind("identifier", FORMAT_CLASSES[definition["format"]])
    if "enum" in definition:
        return Kind("plain", f"Literal[{', '.join(repr(value) for value in definition['enum'])}]".replace("'", '"'))
    return Kind("plain", "str")
