"""The framework remembers what it parsed: the last thousand forms, queries, cookies and paths, however large.

So strangers could fill the memory with forms, and passwords stayed in it. Here forms and whole addresses are not kept,
and of the rest only what is short is.
"""

from __future__ import annotations

import functools
import sys
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from litestar import Litestar, _parsers
from litestar._asgi.routing_trie import traversal
from litestar._kwargs import extractors
from litestar.datastructures import URL

from node.errors import TooLarge

SHORT = 512  # characters: what is longer hardly comes twice
MOST_FIELDS = 2_000  # of a form: a million of them keep everybody waiting for seconds
_FORMS: Any = _parsers.parse_url_encoded_form_data
REMEMBERED: dict[Any, Callable[..., int]] = {  # what the framework remembers whoever asks, and how large that is
    _parsers.parse_query_string: len,
    _parsers.parse_cookie_string: len,
    traversal.parse_path_params: lambda _, values: sum(map(len, values)),
    extractors.create_query_default_dict: lambda parsed_query, **_: sum(len(n) + len(text) for n, text in parsed_query),
}


def read_form(encoded: bytes) -> dict[str, str | list[str]]:
    """Fields of a form (application/x-www-form-urlencoded); one that repeats has a list. Raises TooLarge."""
    if encoded.count(b"&") >= MOST_FIELDS:
        raise TooLarge(f"A form has at most {MOST_FIELDS:,} fields.")
    fields: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in parse_qsl(encoded.decode("latin-1"), keep_blank_values=True):
        fields[name].append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in fields.items()}


def remember_little(app: Litestar) -> None:
    """From now on, in this application and in what all applications of this process share."""
    router: Any = app.asgi_router
    router.handle_routing = _if_short(router.handle_routing, lambda path, **_: len(path))
    _remember_little_everywhere()


@functools.cache
def _remember_little_everywhere() -> None:
    for cached, size in REMEMBERED.items():
        _replace(cached, _if_short(cached, size))
    _replace(_FORMS, read_form)
    for made in ("_new", "from_components"):  # what one-time links, private feeds and codes are opened by
        setattr(URL, made, classmethod(vars(URL)[made].__func__.__wrapped__))


def _if_short(cached: Any, size: Callable[..., int]) -> Callable[..., Any]:
    """As `cached`, but that it remembers nothing whose `size` is beyond what is short."""

    def answer(*given: Any, **named: Any) -> Any:
        return (cached if size(*given, **named) <= SHORT else cached.__wrapped__)(*given, **named)

    return answer


def _replace(cached: object, own: object) -> None:
    """Wherever the framework calls it."""
    for module in [one for name, one in sys.modules.items() if name.partition(".")[0] == "litestar"]:
        for name in [name for name, value in vars(module).items() if value is cached]:
            setattr(module, name, own)
