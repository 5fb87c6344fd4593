"""What goes stale next, what to confirm again, and where releases of tools are announced."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar

from node.web.contexts.cards import Freshness, Link
from node.web.contexts.endorsements.endorsing import Verdict
from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAging:
    """A module or task of the reader's own."""

    subject: Annotated[Link, "Which"]
    freshness: Annotated[Freshness, "How it is today, with reasons"]
    next_day: Annotated[date | None, "When it loses freshness next unless somebody acts"]
    next_words: Annotated[str, "Why then, '' when no day is known"]
    edit: Annotated[str, "Address that opens it for writing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictToRenew:
    """Something that the reader said works, and that may no longer."""

    subject: Annotated[Link, "Which; read it first when `changed`"]
    task: Annotated[Link | None, "The work it was used on"]
    verdict: Annotated[Verdict, "What was said"]
    at: Annotated[datetime, "When"]
    reasons: Annotated[tuple[str, ...], "Why it is asked again"]
    changed: Annotated[bool, "What matters in it has changed: it must be read before it is confirmed"]
    renew: Annotated[str, "Address of a POST: the same again; with `outdated` that it is outdated"]
    withdraw: Annotated[str, "Address of a POST that takes it back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolFeed:
    """A feed in which releases of a tool are announced."""

    tool: Annotated[str, "Vendor and product"]
    url: Annotated[str, "Address of the feed"]
    newest: Annotated[str, "The newest version seen, '' when none was"]
    seen: Annotated[datetime | None, "When that version was announced"]
    checked: Annotated[datetime | None, "When the feed was read last"]
    problem: Annotated[str, "Why it could not be read, '' when it could"]
    modules: Annotated[int, "Modules here that name the tool"]
    forget: Annotated[str | None, "Address of a POST that ends watching, None for who may not"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingFreshPage(Page):
    """For practitioners: two clicks to confirm; for authors: what comes next."""

    template: ClassVar[str] = "keeping_fresh.html"
    renewals: Annotated[tuple[VerdictToRenew, ...], "The stalest first"]
    own: Annotated[tuple[OwnAging, ...], "What goes stale first comes first"]
    feeds: Annotated[tuple[ToolFeed, ...], "By product"]
    name_feed: Annotated[str | None, "Address of the POST that names a feed: `url`, `product`, `vendor`"]
    tools: Annotated[tuple[str, ...], "Products that modules here name and that no feed is watched for"]
