"""People who sign in to this node, their sessions and one-time links. Tokens are stored as SHA-256 only."""

from sqlmodel import SQLModel

from node.store.tables.columns import binary, key, listing, number, number_key, text


class PersonRow(SQLModel, table=True):
    """Someone with a sign-in name here. `did` is set once the person is a practitioner."""

    __tablename__ = "person"

    name: str = key()
    display_name: str = text()
    password: str = text()  # argon2id; empty until set through a link
    roles: list[str] = listing()
    did: str = text(index=True)
    email: str = text()  # empty unless the person gave one
    created_at: int = number()
    signed_out_at: int = number()  # everywhere: tokens of the protocol's own clients from before hold no more


class TokenRow(SQLModel, table=True):
    """A browser session, an API token, a one-time link, or half a sign-in that waits for its second factor."""

    __tablename__ = "token"

    digest: str = key()
    person: str = text(index=True)
    kind: str = text()  # session | api | link | half | device …
    label: str = text()
    scope: str = text()  # of an API token; empty: all that its person may
    email: str = text()  # where an invitation went; empty where it was handed over
    created_at: int = number()
    expires_at: int = number()
    used_at: int = number()
    proven_at: int = number()  # of a session: when its person last showed who they are; 0: nobody knows
    sign_on: str = text()  # of a session that the single sign-on began: the sealed ID token of the provider


class AttemptRow(SQLModel, table=True):
    """Failed sign-ins by name or address, for throttling; old rows are swept."""

    __tablename__ = "attempt"

    subject: str = key()
    failures: int = number()
    until: int = number()


class FactorRow(SQLModel, table=True):
    """What else a person signs in with: totp, recovery (a code), passkey, or sso (who they are elsewhere);
    who is barred does not."""

    __tablename__ = "factor"

    id: str = key()  # a digest, or the passkey's own id
    person: str = text(index=True)
    kind: str = text()
    label: str = text()
    secret: bytes = binary()  # sealed secret, or public key
    counter: int = number()  # last time step or signature count taken
    created_at: int = number()
    used_at: int = number()


class AuditRow(SQLModel, table=True):
    """One entry of the audit log. `hash` covers the entry and the hash before it; the database refuses changes."""

    __tablename__ = "audit"

    seq: int = number_key()
    at: int = number()
    actor: str = text()
    action: str = text()
    subject: str = text()
    detail: str = text()
    hash: str = text()
