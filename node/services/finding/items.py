"""Modules, tasks and paths as search documents."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from node.search.document import SearchDocument
from node.services.finding.families import Families
from node.services.finding.plain_text import plain_text
from node.store.clock import SECOND
from node.store.content import contributions, findable
from node.store.repositories import accounts
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow

LONGEST_BODY = 64_000
FORM = 4
"""Raised with every change of what a document is made of: each one is then indexed again."""
_BETWEEN = " · "  # a snippet shows where one thing ends and the next begins
FRESH, AGEING = 0.7, 0.35

Freshen = Callable[[Sequence[str]], Sequence[float]]


class Items:
    """Makes documents. `freshen` gives 0..1 for at-uris."""

    def __init__(self, families: Families, freshen: Freshen) -> None:
        self._families = families
        self._freshen = freshen

    def whole(self, session: Session, rows: Sequence[ItemRow]) -> list[SearchDocument]:
        """With their texts."""
        values = findable.values_of_versions(session, [row.version_uri for row in rows])
        return self._documents(session, rows, values)

    def outlines(self, session: Session, rows: Sequence[ItemRow]) -> list[SearchDocument]:
        """Without bodies: enough to tell whether what is indexed is still so (see `fingerprint`)."""
        return self._documents(session, rows, {})

    def _documents(
        self, session: Session, rows: Sequence[ItemRow], values: Mapping[str, Mapping[str, Any]]
    ) -> list[SearchDocument]:
        names = _Names(session, rows)
        fresh = self._freshen([row.uri for row in rows])
        return [
            self._document(row, values.get(row.version_uri, {}), names, band_of(value))
            for row, value in zip(rows, fresh, strict=True)
        ]

    def _document(self, row: ItemRow, value: Mapping[str, Any], names: _Names, band: str) -> SearchDocument:
        by, organisation, family = names.by(row.did), names.organisation(row.did), self._families.root(row.uri)
        facets = {
            "layer": tuple(filter(None, (row.layer,))),
            "level": tuple(filter(None, (row.level,))),
            "occupation": row.occupations,
            "task": row.tasks,
            "skill": row.skills,
            "tool": [tool["name"] for tool in row.tools if tool.get("name")],
            "author": by[-1:],
            "organisation": organisation,
            "license": tuple(filter(None, (row.licence,))),
            "freshness": (band,),
        }
        return SearchDocument(
            id=row.uri,
            kind=row.kind,
            title=row.title,
            summary=row.description,
            body=_text(value)[:LONGEST_BODY],
            language=row.language,
            facets=facets,
            by=by,
            audience=row.audience,
            fork_of=family if family != row.uri else "",
            minutes=row.minutes,
            updated=row.updated_at // SECOND,
            version=_version(row.version_cid, str(row.updated_at), family, band, *by, *organisation),
        )


def band_of(freshness: float) -> str:
    """In a word, for filtering; the order uses the number itself."""
    return "fresh" if freshness >= FRESH else "ageing" if freshness >= AGEING else "stale"


def _version(*facts: str) -> str:
    return hashlib.sha256("\0".join((str(FORM), *facts)).encode()).hexdigest()[:16]


def _text(value: Mapping[str, Any]) -> str:
    """The words of a module's body, or of a task's steps, or what a path says of its modules."""
    said: list[str] = []
    for step in [*value.get("steps", ()), *value.get("modules", ())]:
        if isinstance(step, Mapping):
            said += [plain_text(str(step.get(name) or "")) for name in ("title", "text", "check", "pitfalls", "note")]
    steps = _BETWEEN.join(filter(None, said))
    return "\n".join(filter(None, (plain_text(str(value.get("body", ""))), steps)))


class _Names:
    """Handles and organisations of the authors of some items."""

    def __init__(self, session: Session, rows: Sequence[ItemRow]) -> None:
        dids = sorted({row.did for row in rows})
        self._identities = accounts.list_identities(session, dids)
        profiles = contributions.find_profiles(session, dids)
        first = {did: next(iter(profile.credentials), "") for did, profile in profiles.items()}
        issuers = {uri: row.did for uri, row in contributions.find_credentials(session, list(first.values())).items()}
        known = {did: contributions.find_organisation(session, did) for did in set(issuers.values())}
        self._organisations = {
            did: row.name for did, uri in first.items() if (row := known.get(issuers.get(uri, ""))) is not None
        }

    def by(self, did: str) -> tuple[str, ...]:
        identity = self._identities.get(did)
        return tuple(filter(None, (did, identity.handle if identity else "")))

    def organisation(self, did: str) -> tuple[str, ...]:
        return tuple(filter(None, (self._organisations.get(did, ""),)))
