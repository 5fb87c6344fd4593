"""The theme contract page: what each template may use."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from node.web import contexts
from node.web.contexts.contract import contexts_in, reference

INTRODUCTION = """# What a template may use

A theme is written against these classes and nothing else. A class that names a template is a page: the template gets it
as `page`, and `site` beside it on every page. Text is escaped by the template; only `Markup` is HTML.
"""


def page() -> str:
    """Every context class, by module."""
    names = sorted(module.name for module in pkgutil.walk_packages(contexts.__path__, f"{contexts.__name__}."))
    modules = [import_module(name) for name in names]
    found = [context for module in modules for context in contexts_in(module)]
    return INTRODUCTION + "\n" + reference(found)
