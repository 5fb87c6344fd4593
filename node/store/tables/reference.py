"""Reference data of others – O*NET, ESCO, ISCO, studies of what assistants do. Node-local, never records.

Every row belongs to a generation: an import writes a new one beside the one in use, and one small transaction
makes it current. Ids as in records: `onet:29-1141.00`, `onet:29-1141.00/2345`, `esco:<uuid>`, `isco:2221`.
"""

from sqlalchemy import Index
from sqlmodel import SQLModel

from node.store.tables.columns import key, listing, mapping, number, number_key, text


class ReleaseRow(SQLModel, table=True):
    """One imported release of one scheme: `onet`, `esco`, or a study (`study-…`), with its attribution."""

    __tablename__ = "reference_release"

    generation: int = number_key()
    scheme: str = text(index=True)
    version: str = text()
    state: str = text(default="staged")  # staged | current | left
    digest: str = text()  # SHA-256 over the files it came from
    written: int = number()  # batches on disk while it is staged
    title: str = text()
    attribution: str = text()
    licence: str = text()
    date: str = text()
    imported_at: int = number()
    facts: dict[str, object] = mapping()


class ReferenceOccupationRow(SQLModel, table=True):
    """A classified job. `zone` is O*NET's job zone 1–5, 0 when unknown; `gone` names the release that dropped it."""

    __tablename__ = "reference_occupation"

    generation: int = number_key()
    id: str = key()
    title: str = text()
    description: str = text()
    zone: int = number()
    parent: str = text()
    aliases: list[str] = listing()
    tools: list[list[str]] = listing()  # [product, category] each
    related: list[str] = listing()
    gone: str = text()


class ReferenceTaskRow(SQLModel, table=True):
    """A task statement; `published` is its field as printed where that differs, `earlier` its previous wording."""

    __tablename__ = "reference_task"
    __table_args__ = (Index("reference_task_by_occupation", "generation", "occupation"),)

    generation: int = number_key()
    id: str = key()
    occupation: str = text()
    statement: str = text()
    published: str = text()
    kind: str = text()  # core | supplemental | emerging | ''
    date: str = text()
    source: str = text()
    earlier: str = text()
    gone: str = text()


class ReferenceSkillRow(SQLModel, table=True):
    """A work activity or an ESCO skill. `kind`: detailed, intermediate, generalized, skill or group."""

    __tablename__ = "reference_skill"

    generation: int = number_key()
    id: str = key()
    title: str = text()
    kind: str = text()
    parent: str = text()
    aliases: list[str] = listing()


class ReferenceLinkRow(SQLModel, table=True):
    """Doing this task is this detailed work activity."""

    __tablename__ = "reference_link"
    __table_args__ = (Index("reference_link_by_skill", "generation", "skill"),)

    generation: int = number_key()
    task: str = key()
    skill: str = key()


class CrosswalkRow(SQLModel, table=True):
    """An id of one classification (or of an older edition) in another; and which ESCO skill is part of which."""

    __tablename__ = "reference_crosswalk"
    __table_args__ = (Index("reference_crosswalk_by_target", "generation", "target"),)

    generation: int = number_key()
    source: str = key()
    target: str = key()
    match: str = text()  # exact | narrower | broader | close | became


class ExposureRow(SQLModel, table=True):
    """What one study says that assistants do in one task; shares are in millionths."""

    __tablename__ = "reference_exposure"

    generation: int = number_key()
    task: str = key()
    finding: str = text()  # automate | augment | both | not
    shares: dict[str, int] = mapping()
    words: str = text()
