"""Refs and unions: definitions that point to others, compiled when first used, so that they may be circular."""

from collections.abc import Callable, Sequence
from typing import Any

from schemas.datamodel import check_value, is_blob
from schemas.errors import Mismatch
from schemas.lexicon.checks import Check, Definition, listed, refuse
from schemas.lexicon.scalars import within_datamodel

Resolve = Callable[[str], Check]


def full_name(reference: str, inside: str) -> str:
    """Write a reference found in the lexicon `inside` in full (`#tool` → `org.skillnet.defs#tool`), without `#main`."""
    name = inside + reference if reference.startswith("#") else reference
    return name.removesuffix("#main")


def compile_ref(definition: Definition, inside: str, resolve: Resolve) -> Check:
    """The value must fit the definition that `ref` names."""
    name = full_name(definition["ref"], inside)
    found: list[Check] = []

    def check(value: Any) -> None:
        if not found:
            found.append(resolve(name))
        found[0](value)

    return check


def compile_union(definition: Definition, inside: str, resolve: Resolve) -> Check:
    """An object whose `$type` picks its definition; an open union lets types pass that it does not name."""
    names = [full_name(reference, inside) for reference in definition.get("refs", ())]
    closed = definition.get("closed", False)
    checks: dict[str, Check] = {}

    def check(value: Any) -> None:
        kind = _kind(value)
        if kind in checks:
            checks[kind](value)
        elif kind in names:
            checks[kind] = resolve(kind)
            checks[kind](value)
        else:
            _check_unlisted(value, names, closed=closed)

    return check


def _kind(value: Any) -> str:
    if type(value) is not dict or is_blob(value):
        refuse("an object", value)
    kind = value.get("$type")
    if not isinstance(kind, str) or not kind:
        raise Mismatch("is required to tell which type of a union this is", ["$type"])
    return kind


def _check_unlisted(value: dict[str, Any], names: Sequence[str], *, closed: bool) -> None:
    if closed:
        raise Mismatch(f"must be one of: {listed(list(names))}", ["$type"])
    within_datamodel(check_value, value)
