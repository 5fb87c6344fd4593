"""A worker's data: take it away, have it erased, see who looked. Private."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from node.web.contexts.cards import FieldProblem
from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One kind of entry that the node keeps."""

    name: Annotated[str, "What it is"]
    count: Annotated[int, "How many entries"]
    purpose: Annotated[str, "What it is used for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What let somebody else into the account, or made it easier."""

    at: Annotated[datetime, "When"]
    by: Annotated[str, "Who"]
    why: Annotated[str, "What it was"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDataPage(Page):
    """Sends `confirm` (the account's name) to erase."""

    template: ClassVar[str] = "own_data.html"
    holdings: Annotated[tuple[Holding, ...], "Everything the node keeps about this worker"]
    accesses: Annotated[tuple[Access, ...], "Newest first"]
    export: Annotated[str, "Address of the whole as a download"]
    erase_action: Annotated[str, "Address that takes the POST"]
    confirm: Annotated[str, "What must be typed to erase"]
    problems: Annotated[tuple[FieldProblem, ...], "Why it was not erased, packed or brought"]
    history: Annotated[str, "Address of the page of work history"] = "/me/history"
    pack_action: Annotated[str, "Takes the POST of `passphrase`, gives the sealed file"] = "/me/data/pack"
    bring_action: Annotated[str, "Address that takes `file` and `passphrase`"] = "/me/data/bring"
