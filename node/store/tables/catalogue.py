"""The catalogue: what everybody published, in a form that pages, search and ranking read. Derived from records.

Every row has an audience (`public` or `organisation`); every query in `node.store.content.catalogue`
takes the audiences of the asker.
"""

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from node.store.tables.columns import key, listing, mapping, number, perhaps_listing, text

_TRANSLATES = sql("translation_of <> ''")


class ItemRow(SQLModel, table=True):
    """A module or task as its head shows it: the facts of the current version. `kind` is module, task or path."""

    __tablename__ = "item"
    __table_args__ = (
        Index("item_by_kind", "kind", "audience"),
        Index("item_by_original", "translation_of", sqlite_where=_TRANSLATES, postgresql_where=_TRANSLATES),
    )

    uri: str = key()
    kind: str = text()
    did: str = text(index=True)
    name: str = text()
    audience: str = text(default="public")
    version_uri: str = text(index=True)
    version_cid: str = text()
    title: str = text()
    description: str = text()
    language: str = text()
    licence: str = text()
    layer: str = text()
    level: str = text()
    minutes: int = number()
    occupations: list[str] = listing()
    tasks: list[str] = listing()
    skills: list[str] = listing()
    requires: list[str] = listing()
    tools: list[dict[str, str]] = listing()
    review_by: str = text()
    translation_of: str = text()
    derived_from: str = text()
    source: str = text()
    major: int = number()
    retired: str = text()
    first_seen: int = number()
    updated_at: int = number()


class VersionRow(SQLModel, table=True):
    """One immutable version. `value` is the record in JSON form; `major` counts the major changes up to it.

    `hidden`: kinds of text in it that a reader does not see; None for versions that came in before that was looked for.
    """

    __tablename__ = "version"

    uri: str = key()
    cid: str = text()
    item_uri: str = text(index=True)
    did: str = text(index=True)
    audience: str = text(default="public")
    previous: str = text()
    major: int = number()
    change_note: str = text()
    value: dict[str, object] = mapping()
    first_seen: int = number()
    hidden: list[str] | None = perhaps_listing()


class EndorsementRow(SQLModel, table=True):
    """A practitioner's verdict on one version, used on a stated task."""

    __tablename__ = "endorsement"

    uri: str = key()
    did: str = text(index=True)
    audience: str = text(default="public")
    item_uri: str = text(index=True)
    version_uri: str = text(index=True)
    version_cid: str = text()
    task: str = text()
    verdict: str = text()
    outdated: bool = False
    unsafe: bool = False
    note: str = text()
    rev: str = text()
    claimed_at: int = number()
    first_seen: int = number()

    @property
    def given_at(self) -> int:
        """When it was given: as claimed, but never later than this node saw it."""
        return min(self.claimed_at or self.first_seen, self.first_seen)


class VouchRow(SQLModel, table=True):
    """Practitioner → practitioner, or node → node."""

    __tablename__ = "vouch"

    uri: str = key()
    did: str = text(index=True)
    audience: str = text(default="public")
    subject: str = text(index=True)
    note: str = text()
    first_seen: int = number()


class CredentialRow(SQLModel, table=True):
    """Node → practitioner; counts only while the practitioner's profile names it."""

    __tablename__ = "credential"

    uri: str = key()
    did: str = text(index=True)  # the node that signed it
    audience: str = text(default="public")
    subject: str = text(index=True)
    occupation: str = text()
    valid_from: int = number()
    valid_until: int = number()
    revoked_at: int = number()


class ProfileRow(SQLModel, table=True):
    """A practitioner's public profile; of the accepted credentials the first names the organisation."""

    __tablename__ = "profile"

    did: str = key()
    audience: str = text(default="public")
    name: str = text()
    description: str = text()
    credentials: list[str] = listing()
    occupations: list[str] = listing()
    takes_questions_on: list[str] = listing()
    languages: list[str] = listing()


class OrganisationRow(SQLModel, table=True):
    """What a node says of itself."""

    __tablename__ = "organisation"

    did: str = key()
    audience: str = text(default="public")
    name: str = text()
    url: str = text()
    description: str = text()
    peers: list[dict[str, str]] = listing()
    directory: str = text()


class SuggestionRow(SQLModel, table=True):
    """A change that somebody proposes. `author` is whose item it is; what became of it stands in that item."""

    __tablename__ = "suggestion"

    uri: str = key()
    cid: str = text()
    did: str = text(index=True)
    audience: str = text(default="public")
    item_uri: str = text(index=True)
    author: str = text(index=True)
    version_uri: str = text()
    note: str = text()
    first_seen: int = number()
