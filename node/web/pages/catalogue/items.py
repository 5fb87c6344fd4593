"""What the pages of modules and tasks have in common: finding the version asked for and everything said about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response

from node.errors import Unknown
from node.services.assembly import Services
from node.services.policy import Viewer
from node.store.administration import moderation
from node.store.content import catalogue, contributions
from node.store.content.catalogue import Audiences
from node.store.sessions import Session
from node.store.tables.catalogue import EndorsementRow, ItemRow, VersionRow
from node.web.contexts.cards import Link
from node.web.contexts.site import Page
from node.web.pages.endorsements.verdicts import titles_of
from node.web.pages.links import href_of_version
from node.web.pages.names import Names
from node.web.pages.reading import AnyRequest, readable_by, show_document

NEWEST = 100  # verdicts shown of those that do not count here; those that count are all shown


@dataclass(frozen=True, slots=True)
class Shown:
    """An item in the version that is being read, with what was said of it; `versions` oldest first."""

    item: ItemRow
    version: VersionRow
    versions: Sequence[VersionRow]
    verdicts: Sequence[EndorsementRow]
    names: Names
    titles: dict[str, str]

    @property
    def value(self) -> dict[str, Any]:
        """The record of the version, in JSON form."""
        return self.version.value

    def words(self, field: str) -> list[str]:
        """A list of texts in the version."""
        return [str(entry) for entry in self.value.get(field) or ()]

    def text(self, field: str) -> str:
        """A text in the version, '' without."""
        return str(self.value.get(field) or "")


MakePage = Callable[[AnyRequest, Services, Viewer, Session, Shown], Page]


def show_item(
    request: AnyRequest, services: Services, viewer: Viewer, wanted: tuple[str, str], make: MakePage
) -> Response[Any]:
    """The page that `make` makes of the item `wanted`: its at-uri, and the version's key or ''. Raises Unknown."""
    with services.database.read() as session:
        shown = get_shown(services, session, *wanted, readable_by(services, viewer))
        page = make(request, services, viewer, session, shown)
    return show_document(request, services, viewer, page)


class TakenAway(Unknown):
    """Whoever runs this node took it down."""

    status = 410
    code = "Gone"


def missing(services: Services, session: Session, uri: str, audiences: Audiences) -> Unknown:
    """What to say of an item that is not here, to these readers."""
    account = uri.removeprefix("at://").partition("/")[0]
    return find_taken_away(services, session, (uri, account), audiences) or Unknown(
        "There is no such page on this node.", hint="It may have been withdrawn; try to find it by name."
    )


def find_taken_away(
    services: Services, session: Session, subjects: Sequence[str], audiences: Audiences
) -> TakenAway | None:
    """What to say of what one of these rules took down, to those who may know of it."""
    rule = services.withholding.denies(*subjects)
    line = moderation.find_line_about(session, rule.subject) if rule else None
    if rule is None or line is None or line.audience not in audiences:
        return None
    said = f"Whoever runs this node took it down: {rule.reason or 'no reason was given'}"
    return TakenAway(said, hint="Find another by name; the log of moderation, below, has all that was decided.")


def get_shown(services: Services, session: Session, uri: str, version: str, audiences: Audiences) -> Shown:
    """The item at `uri`, in the version with key `version` or the current one. Raises Unknown."""
    item = catalogue.find_item(session, uri, audiences)
    if item is None:
        raise missing(services, session, uri, audiences)
    versions = catalogue.list_versions(session, uri, audiences)
    wanted = version.rpartition("/")[2] or item.version_uri.rpartition("/")[2]
    shown = next((row for row in versions if row.uri.rpartition("/")[2] == wanted), None)
    if shown is None:
        raise Unknown("This version is not here; it may have been withdrawn.", hint="Open the current one.")
    heard = {said.by for said in services.rankings.heard([uri])[uri]}
    verdicts = contributions.newest_endorsements(session, audiences, uri, heard, NEWEST)
    names = Names(session, {item.did, *(row.did for row in verdicts)})
    mentioned: list[Any] = [*(row.task for row in verdicts), *(shown.value.get("tasks") or ())]  # type: ignore[misc]  # JSON
    titles = titles_of(session, [str(code) for code in mentioned], audiences)
    return Shown(item, shown, versions, verdicts, names, titles)


def origin_of(session: Session, shown: Shown, audiences: Audiences) -> Link | None:
    """The version that this one was forked from."""
    derived: Any = shown.value.get("derivedFrom")
    uri = str((derived or {}).get("uri", "")) if isinstance(derived, dict) else ""
    if not uri:
        return None
    version = catalogue.find_version(session, uri, audiences)
    if version is None:
        return Link(text=uri, href=None)
    item = catalogue.find_item(session, version.item_uri, audiences)
    if item is None:
        return Link(text=uri, href=None)
    author = Names(session, [item.did]).name(item.did)
    return Link(text=f"{item.title} · {author}", href=href_of_version(item.uri, uri))


def tool_words(tools: Any) -> tuple[str, ...]:
    """Microsoft Excel 2026."""
    return tuple(
        " ".join(filter(None, (str(tool.get("vendor", "")), str(tool.get("name", "")), str(tool.get("version", "")))))
        for tool in tools or ()
        if isinstance(tool, dict)
    )
