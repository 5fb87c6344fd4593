"""After work that went well: an offer to say so in public, by a link that carries nothing private."""

from __future__ import annotations

from typing import TYPE_CHECKING

from node.services.policy import Action, Viewer, may
from node.web.contexts.worker.feed import EndorseOffer
from node.web.pages.links import href_of_item

if TYPE_CHECKING:
    from node.services.learning.sealed.ledger import Recorded

WENT_WELL = frozenset({"alone", "with-a-hint"})


def offer_after(viewer: Viewer, recorded: Recorded) -> EndorseOffer | None:
    """Where the module that helped can be endorsed; None when it did not help, or was none."""
    page = href_of_item(recorded.subject) if recorded.how in WENT_WELL else None
    if page is None:
        return None
    signs = may(viewer, Action.ENDORSE, owner=viewer.name)
    return EndorseOffer(title=recorded.title, href=f"{page}#endorse" if signs else "/practitioner", signs=signs)
