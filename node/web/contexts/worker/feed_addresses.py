"""Where else the feed can be read: feed readers, assistants, the terminal. Private."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A key that lets a program act for this person."""

    name: Annotated[str, "What the person called it"]
    created_at: Annotated[datetime, "Since when"]
    used_at: Annotated[datetime | None, "Last use, None when never"]
    revoke: Annotated[str, "Address that takes a POST and ends it"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAddressesPage(Page):
    """Private addresses; whoever has one reads the feed."""

    template: ClassVar[str] = "feed_addresses.html"
    atom: Annotated[str | None, "Whole address of the Atom feed, None until made"]
    json: Annotated[str | None, "Whole address of the JSON Feed, None until made"]
    made_at: Annotated[datetime | None, "When these addresses were made"]
    regenerate: Annotated[str, "Address that takes a POST and makes new ones; the old ones end"]
    assistant: Annotated[str, "Whole address of the assistants' door (MCP)"]
    tokens: Annotated[tuple[AccessToken, ...], "Newest first"]
    new_token: Annotated[str | None, "Shown once, right after it was made"]
    token_action: Annotated[str, "Address for a POST of `name` that makes a token"]
