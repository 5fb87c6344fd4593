"""Words for what a text hides from its reader and shows to an assistant; found when the record came in."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from node.services.assembly import Services
from node.services.cataloguing.rows import kinds_hidden
from node.store.content import catalogue
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow, VersionRow
from node.web.contexts.site import Notice
from node.web.pages.rendering import body_of

_SAID = {
    "aimed-at-assistants": "words that read like an instruction to an assistant",
    "bidi-control": "characters that reorder what is read",
    "data-url": "data inside an address",
    "hidden-comment": "a comment that is not shown",
    "hidden-text": "text that its HTML hides",
    "invisible-characters": "characters that nobody sees",
}


def hidden_notices(services: Services, version: VersionRow) -> tuple[Notice, ...]:
    """A line above a version that hides something. A body beside its record is read here."""
    kinds = services.readings.of(version, "hidden", lambda: _kinds(services, version))
    return (Notice(kind="attention", text=hidden_sentence(kinds)),) if kinds else ()


def hidden_in_list(session: Session, items: Collection[ItemRow]) -> dict[str, str]:
    """Item → the same line, for those whose current version hides something."""
    found = catalogue.list_hidden(session, {item.version_uri for item in items})
    return {item.uri: hidden_sentence(found[item.version_uri]) for item in items if found.get(item.version_uri)}


def hidden_sentence(kinds: Iterable[str]) -> str:
    """What a text of these kinds is said to hold."""
    return f"Look before you give this to an assistant: it holds {'; '.join(_SAID.get(kind, kind) for kind in kinds)}."


def _kinds(services: Services, version: VersionRow) -> list[str]:
    kept = kinds_hidden(version.value) if version.hidden is None else version.hidden
    return sorted({*kept, *kinds_hidden(body_of(services, version) or "")})
