"""People who sign in to this node, their sessions and one-time links. Tokens are stored as SHA-256 only."""

from sqlmodel import SQLModel

from node.store.tables.columns import key, listing, number, text


class PersonRow(SQLModel, table=True):
    """Someone with a sign-in name here. `did` is set once the person is a practitioner."""

    __tablename__ = "person"

    name: str = key()
    display_name: str = text()
    password: str = text()  # argon2id; empty until set through a link
    roles: list[str] = listing()
    did: str = text(index=True)
    created_at: int = number()


class TokenRow(SQLModel, table=True):
    """A browser session, an API token, or a one-time link."""

    __tablename__ = "token"

    digest: str = key()
    person: str = text(index=True)
    kind: str = text()  # session | api | link
    label: str = text()
    created_at: int = number()
    expires_at: int = number()
    used_at: int = number()


class AttemptRow(SQLModel, table=True):
    """Failed sign-ins by name or address, for throttling; old rows are swept."""

    __tablename__ = "attempt"

    subject: str = key()
    failures: int = number()
    until: int = number()
