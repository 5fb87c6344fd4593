"""The text of the generated files: one file a lexicon, one class a definition."""

import re
from collections.abc import Iterator, Sequence
from textwrap import wrap

from schemas.generation.model import FORMAT_CLASSES, Class, Field, Kind, class_name, references, snake_case

_WIDTH = 116


def file_name(nsid: str) -> str:
    """`org.skillnet.moduleVersion` → `module_version`."""
    return snake_case(nsid.rpartition(".")[2])


def write_file(nsid: str, classes: Sequence[Class]) -> str:
    """The source of the file for one lexicon; classes come before those that contain them."""
    body = "\n\n\n".join(_write_class(each) for each in classes)
    path = "/".join(nsid.split("."))
    docstring = f'"""Generated from `lexicons/{path}.json` by `python -m schemas.generate`: edit that, not this."""'
    return "\n".join([docstring, "", *_imports(nsid, classes, body), "", "", body, ""])


def write_index(classes: Sequence[Class]) -> str:
    """The source of the package's `__init__`."""
    lines = ['"""The record types, generated from the lexicons by `python -m schemas.generate`."""', ""]
    for module in sorted({file_name(each.definition_name.partition("#")[0]) for each in classes}):
        members = [each for each in classes if file_name(each.definition_name.partition("#")[0]) == module]
        lines.append(f"from schemas.records.{module} import {', '.join(sorted(each.name for each in members))}")
    names = sorted(each.name for each in classes)
    return "\n".join([*lines, "", "__all__ = [", *(f'    "{name}",' for name in names), "]", ""])


def _imports(nsid: str, classes: Sequence[Class], body: str) -> Iterator[str]:
    typing = [name for name in ("Any", "ClassVar", "Literal", "Self") if re.search(rf"\b{name}\b", body)]
    yield "from collections.abc import Mapping"
    yield "from dataclasses import dataclass, field"
    yield f"from typing import {', '.join(typing)}"
    yield ""
    if "Blob" in body:
        yield "from schemas.blob import Blob"
    used = sorted(name for name in FORMAT_CLASSES.values() if re.search(rf"\b{name}\b", body))
    if used:
        yield f"from schemas.identifiers import {', '.join(used)}"
    elsewhere = sorted({name for each in classes for name in references(each) if name.partition("#")[0] != nsid})
    for module in sorted({file_name(name.partition("#")[0]) for name in elsewhere}):
        names = [class_name(name) for name in elsewhere if file_name(name.partition("#")[0]) == module]
        yield f"from schemas.records.{module} import {', '.join(sorted(names))}"
    if any(each.is_record for each in classes):
        yield "from schemas.validation import validate_record"


def _write_class(each: Class) -> str:
    lines = ["@dataclass(frozen=True, slots=True, kw_only=True)", f"class {each.name}:", *_docstring(each), ""]
    if each.is_record:
        lines += [f'    NSID: ClassVar[str] = "{each.definition_name}"']
    known = [*(["$type"] if each.is_record else []), *(member.wire_name for member in each.fields)]
    lines += ["    _FIELDS: ClassVar[frozenset[str]] = frozenset(", "        {"]
    lines += [*(f'            "{name}",' for name in known), "        }", "    )", ""]
    for member in each.fields:
        lines += [*(f"    # {line}" for line in wrap(member.description, _WIDTH - 6)), f"    {_declaration(member)}"]
    lines += ["    # Fields that the lexicon does not know, kept.", f"    extra: {_MAPPING}"]
    return "\n".join([*lines, "", *(_parse() if each.is_record else []), *_read(each), "", *_to_value(each)])


_MAPPING = "Mapping[str, Any] = field(default_factory=dict)"


def _docstring(each: Class) -> list[str]:
    lines = wrap(each.description, _WIDTH - 8)
    if len(lines) == 1:
        return [f'    """{lines[0]}"""']
    return [f'    """{lines[0]}', *(f"    {line}" for line in lines[1:]), '    """']


def _declaration(member: Field) -> str:
    kind = member.kind
    if member.required:
        return f"{member.name}: {kind.annotation}"
    if kind.shape == "unknown":
        return f"{member.name}: {_MAPPING}"
    if kind.shape == "array":
        return f"{member.name}: {kind.annotation} = ()"
    if kind.annotation == "bool":
        return f"{member.name}: bool = False"
    return f"{member.name}: {kind.annotation} | None = None"


def _parse() -> list[str]:
    return [
        "    @classmethod",
        "    def parse(cls, value: Mapping[str, Any]) -> Self:",
        '        """Read a record; raise `RecordInvalid` unless it fits its lexicon."""',
        "        validate_record(value, cls.NSID)",
        "        return cls.read(value)",
        "",
    ]


def _read(each: Class) -> list[str]:
    lines = ["    @classmethod", "    def read(cls, value: Mapping[str, Any]) -> Self:"]
    lines += ['        """Read what has been validated already."""', "        return cls("]
    lines += [f"            {member.name}={_read_field(member)}," for member in each.fields]
    lines += ["            extra={name: item for name, item in value.items() if name not in cls._FIELDS},", "        )"]
    return lines


def _read_field(member: Field) -> str:
    source, kind = f'value["{member.wire_name}"]', member.kind
    if member.required:
        return _read_value(kind, source)
    if kind.shape in {"array", "unknown"} or kind.annotation == "bool":
        empty = {"array": "()", "unknown": "{}"}.get(kind.shape, "False")
        return _read_value(kind, f'value.get("{member.wire_name}", {empty})')
    if kind.shape == "plain":
        return f'value.get("{member.wire_name}")'
    return f'{_read_value(kind, source)} if "{member.wire_name}" in value else None'


def _read_value(kind: Kind, source: str) -> str:
    if kind.shape == "identifier":
        return f"{kind.annotation}({source})"
    if kind.shape in {"object", "blob"}:
        return f"{kind.annotation}.read({source})"
    if kind.item is not None:
        inner = _read_value(kind.item, "item")
        return f"tuple({source})" if inner == "item" else f"tuple({inner} for item in {source})"
    return source


def _to_value(each: Class) -> list[str]:
    lines = ["    def to_value(self) -> dict[str, Any]:"]
    lines += ['        """The plain value, as it is signed; empty optional fields are left out."""']
    lines += ["        value: dict[str, Any] = {", *(['            "$type": self.NSID,'] if each.is_record else [])]
    lines += [f'            "{member.wire_name}": {_write_field(member)},' for member in each.fields if member.required]
    lines.append("        }")
    for member in each.fields:
        if not member.required:
            lines.append(f"        if {_presence(member)}:")
            lines.append(f'            value["{member.wire_name}"] = {_write_field(member)}')
    return [*lines, "        return value | dict(self.extra)"]


def _presence(member: Field) -> str:
    if member.kind.shape in {"array", "unknown"} or member.kind.annotation == "bool":
        return f"self.{member.name}"
    return f"self.{member.name} is not None"


def _write_field(member: Field) -> str:
    return _write_value(member.kind, f"self.{member.name}")


def _write_value(kind: Kind, source: str) -> str:
    if kind.shape == "identifier":
        return f"str({source})"
    if kind.shape in {"object", "blob"}:
        return f"{source}.to_value()"
    if kind.shape == "unknown":
        return f"dict({source})"
    if kind.item is not None:
        inner = _write_value(kind.item, "item")
        return f"list({source})" if inner == "item" else f"[{inner} for item in {source}]"
    return source
