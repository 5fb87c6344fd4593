"""A set of lexicons and what it compiles them to. Source: https://atproto.com/specs/lexicon."""

from collections.abc import Callable, Mapping
from typing import Any

from schemas.errors import LexiconUnknown
from schemas.lexicon.checks import Check, Definition, accept
from schemas.lexicon.containers import compile_array, compile_object
from schemas.lexicon.references import compile_ref, compile_union
from schemas.lexicon.scalars import (
    compile_blob,
    compile_boolean,
    compile_bytes,
    compile_integer,
    compile_link,
    compile_null,
    compile_token,
    compile_unknown,
)
from schemas.lexicon.strings import compile_string

Document = Mapping[str, Any]
_PLAIN: dict[str, Callable[[Definition], Check]] = {
    "null": compile_null,
    "boolean": compile_boolean,
    "integer": compile_integer,
    "string": compile_string,
    "bytes": compile_bytes,
    "cid-link": compile_link,
    "blob": compile_blob,
    "unknown": compile_unknown,
}


class Lexicons:
    """Lexicons by id. `find_document` gives a checked document or None, and is asked once for each."""

    def __init__(self, find_document: Callable[[str], Document | None]) -> None:
        self._find_document = find_document
        self._documents: dict[str, Document] = {}
        self._checks: dict[str, Check] = {}

    def get_document(self, nsid: str) -> Document:
        """The whole lexicon; raises `LexiconUnknown`."""
        if nsid not in self._documents:
            document = self._find_document(nsid)
            if document is None:
                raise LexiconUnknown(nsid)
            self._documents[nsid] = document
        return self._documents[nsid]

    def get_definition(self, name: str) -> Definition:
        """The definition called `nsid#fragment`, or the main one of `nsid`; raises `LexiconUnknown`."""
        nsid, _, fragment = name.partition("#")
        definition: Definition | None = self.get_document(nsid)["defs"].get(fragment or "main")
        if definition is None:
            raise LexiconUnknown(name)
        return definition

    def get_check(self, name: str) -> Check:
        """The compiled definition of a type that may stand in data: of a record, its object."""
        check = self._checks.get(name)
        if check is None:
            check = self._checks[name] = self._compile_named(name)
        return check

    def get_record_check(self, nsid: str) -> Check:
        """The check of a record, `$type` included; raises `LexiconUnknown` when the lexicon defines none."""
        if self.get_definition(nsid)["type"] != "record":
            raise LexiconUnknown(f"{nsid} defines no record")
        return self.get_check(nsid)

    def get_parameters_check(self, nsid: str) -> Check:
        """The check of the parameters of a query, procedure or subscription; without any, all pass."""
        return self._get_part(nsid, "parameters", self.get_definition(nsid).get("parameters"))

    def get_body_check(self, nsid: str, part: str) -> Check:
        """The check of an `input`, `output` or `message`; one without a schema (bytes, a CAR) lets all pass."""
        return self._get_part(nsid, part, self.get_definition(nsid).get(part, {}).get("schema"))

    def _get_part(self, nsid: str, part: str, definition: Definition | None) -> Check:
        name = f"{nsid} {part}"
        if name not in self._checks:
            self._checks[name] = self.compile(definition, nsid) if definition else accept
        return self._checks[name]

    def compile(self, definition: Definition, inside: str) -> Check:
        """Compile a definition that has no name, found in the lexicon `inside`."""
        kind = definition["type"]
        if kind in _PLAIN:
            return _PLAIN[kind](definition)
        if kind == "ref":
            return compile_ref(definition, inside, self.get_check)
        if kind == "union":
            return compile_union(definition, inside, self.get_check)
        return self._compile_container(definition, inside)

    def _compile_container(self, definition: Definition, inside: str, name: str | None = None) -> Check:
        def compile_part(part: Definition) -> Check:
            return self.compile(part, inside)

        if definition["type"] == "array":
            return compile_array(definition, compile_part)
        if definition["type"] in {"object", "params"}:
            return compile_object(definition, compile_part, name)
        raise LexiconUnknown(f"a {definition['type']} is no type of data")

    def _compile_named(self, name: str) -> Check:
        nsid, _, fragment = name.partition("#")
        definition = self.get_definition(name)
        if definition["type"] == "record":
            record = definition["record"]
            typed = {**record, "required": ["$type", *record.get("required", ())]}
            return self._compile_container(typed, nsid, nsid)
        if definition["type"] == "token":
            return compile_token(f"{nsid}#{fragment}" if fragment else nsid)
        if definition["type"] == "object":
            return self._compile_container(definition, nsid, name)
        return self.compile(definition, nsid)
