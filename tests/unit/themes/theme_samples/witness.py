"""Samples that remember which of their fields a template touched."""

from dataclasses import fields, is_dataclass
from typing import Any

from node.web.contexts.site import Page

Touched = set[tuple[type, str]]


class Witness:
    """Stands in for a context and notes every field that is read."""

    def __init__(self, context: object, touched: Touched) -> None:
        self._context = context
        self._touched = touched

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._context, name)
        self._touched.add((_owner(type(self._context), name), name))
        return watched(value, self._touched)


def watched(value: object, touched: Touched) -> Any:
    """The value, with every context in it replaced by its witness."""
    if is_dataclass(value) and not isinstance(value, type):
        return Witness(value, touched)
    if isinstance(value, tuple):
        return tuple(watched(item, touched) for item in value)
    return value


def declared(context: type) -> set[tuple[type, str]]:
    """The fields that a context class adds to those of its parents."""
    return {(context, field.name) for field in fields(context) if _owner(context, field.name) is context}


def _owner(context: type, name: str) -> type:
    """Fields of `Page` are shared by all pages: used once is used."""
    return Page if issubclass(context, Page) and name in Page.__dataclass_fields__ else context
