"""How the contract is read by programs: each field's help text stands in its annotation."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from types import ModuleType
from typing import Annotated, get_args, get_origin, get_type_hints


def help_of(context: type) -> dict[str, str]:
    """The help text of every field of a context class, "" where there is none."""
    hints = get_type_hints(context, include_extras=True)
    return {field.name: _help_in(hints[field.name]) for field in fields(context)}


def contexts_in(module: ModuleType) -> Iterator[type]:
    """The dataclasses that a module of contexts defines itself, in order of appearance."""
    for value in vars(module).values():
        if isinstance(value, type) and is_dataclass(value) and value.__module__ == module.__name__:
            yield value


def _help_in(annotation: object) -> str:
    if get_origin(annotation) is not Annotated:
        return ""
    return next((text for text in get_args(annotation)[1:] if isinstance(text, str)), "")


def reference(contexts: Iterable[type]) -> str:
    """The contract as a page of Markdown, for those who write a theme."""
    return "\n".join(line for context in contexts for line in _section(context))


def _section(context: type) -> Iterator[str]:
    template = getattr(context, "template", None)
    yield f"## {context.__name__}" + (f" · `{template}`" if isinstance(template, str) else "")
    yield ""
    yield (context.__doc__ or "").strip()
    yield ""
    for name, text in help_of(context).items():
        yield f"- `{name}` ({_type_of(context, name)}): {text}"
    yield ""


def _type_of(context: type, name: str) -> str:
    bare = get_type_hints(context)[name]
    text = bare.__name__ if isinstance(bare, type) and not get_args(bare) else str(bare)
    return re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Za-z])", "", text)
