"""Searches that a worker keeps. Private."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from node.web.contexts.cards import Link
from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSearch:
    """One search with its feed."""

    name: Annotated[str, "What is searched for, in words"]
    news: Annotated[int, "Found and new since it was last looked at"]
    show: Annotated[str, "Address that takes a POST and leads to what is found; nothing is news then"]
    atom: Annotated[str, "Whole private address of the Atom feed"]
    json: Annotated[str, "Whole private address of the JSON Feed"]
    made_at: Annotated[datetime, "Since when it is kept"]
    end: Annotated[str, "Address that takes a POST and forgets it; its feeds end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchesPage(Page):
    """Kept searches, and the latest ones."""

    template: ClassVar[str] = "searches.html"
    kept: Annotated[tuple[KeptSearch, ...], "Newest first"]
    recent: Annotated[tuple[Link, ...], "Searched for lately, newest first"]
    clear: Annotated[str, "Address that takes a POST and forgets what was searched for lately"]
