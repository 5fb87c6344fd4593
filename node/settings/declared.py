"""Every setting of a node: key, default and meaning. `docs/reference/settings.md` is generated from here."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any


def setting(key: str, default: Any, meaning: str, *, secret: bool = False) -> Any:
    """Declare one setting. `key` is `section.name` in skillnet.toml and SKILLNET_SECTION_NAME in the environment."""
    metadata = {"key": key, "meaning": meaning, "secret": secret}
    if isinstance(default, list):
        return field(default_factory=lambda: list(default), metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Settings:
    """What one node is told. Sizes are bytes, times seconds, unless a name says otherwise."""

    data: Path

    url: str = setting("node.url", "", "Public address of the node; empty means http://localhost:PORT.")
    organisation: str = setting("node.organisation", "", "Name of the organisation that the node speaks for.")
    description: str = setting("node.description", "", "One line about the organisation, shown to peers.")
    open_reading: bool = setting(
        "node.open_reading",
        True,
        "May anonymous readers see the public catalogue? The repositories themselves are public in any case.",
    )

    host: str = setting("server.host", "127.0.0.1", "Address to listen on.")
    port: int = setting("server.port", 8000, "Port to listen on.")
    proxies: list[str] = setting(
        "server.proxies", ["127.0.0.1"], "Addresses or networks of proxies that are believed about whom they speak for."
    )
    max_body: int = setting("server.max_body", 8_000_000, "Largest request body taken, in bytes.")
    most_at_once: int = setting(
        "server.most_at_once",
        200,
        "Requests worked on at once, a quarter of them kept for pages and one for programs; more are answered 503 with "
        "Retry-After, except /health and the operator's. For 25 of them one whole repository is sent at a time.",
    )
    drain: int = setting(
        "server.drain",
        0,
        "Seconds between the signal to stop and the end of listening: /ready says 503, proxies look elsewhere.",
    )
    core_host: str = setting(
        "server.core_host",
        "",
        "Host or address under which other machines' processes reach this one as the core; empty: by the data folder.",
    )

    database_url: str = setting(
        "store.database_url", "", "SQLAlchemy URL; empty means a SQLite file in the data folder.", secret=True
    )

    blobs_endpoint: str = setting(
        "blobs.endpoint", "", "Address of an S3-compatible server that keeps files; empty: they lie in the data folder."
    )
    blobs_bucket: str = setting("blobs.bucket", "", "Name of the bucket there, which must exist.")
    blobs_prefix: str = setting("blobs.prefix", "", "What the names of this node's objects there begin with.")
    blobs_region: str = setting("blobs.region", "us-east-1", "Region that requests are signed for.")
    blobs_key: str = setting("blobs.key", "", "Access key.")
    blobs_secret: str = setting("blobs.secret", "", "Secret of the access key.", secret=True)
    blobs_secret_file: str = setting("blobs.secret_file", "", "File whose first line is that secret, in its place.")
    blobs_path_style: bool = setting(
        "blobs.path_style", True, "Is the bucket named in the path? No: in the host's name."
    )

    plc_url: str = setting(
        "identity.plc_url", "", "Directory for did:plc; empty: the node's own on localhost, the public one elsewhere."
    )
    handle_domain: str = setting("identity.handle_domain", "", "Domain under which handles are given out.")

    allow_private: list[str] = setting(
        "federation.allow_private", [], "host:port pairs on private addresses that peers may live at."
    )
    allow_localhost: bool = setting(
        "federation.allow_localhost", False, "May peers live on this machine? For demonstrations and tests."
    )
    allow_hosts: list[str] = setting(
        "federation.allow_hosts", [], "Hosts that alone may be followed and bring anything; empty means any."
    )
    deny: list[str] = setting(
        "federation.deny", [], "Hosts and DIDs of which nothing is taken; what is here of them goes at the next start."
    )
    relays: list[str] = setting(
        "federation.relays", [], "Relays that are asked to read this node when it has news, like https://relay.example."
    )
    mirror_documents: bool = setting(
        "publishing.mirror_documents",
        False,
        "Keep each author's public modules a second time as site.standard.document in the author's repository?",
    )
    event_window: int = setting("federation.event_window", 72 * 3600, "Seconds that stream events are kept.")
    max_blob: int = setting("federation.max_blob", 5_000_000, "Largest blob taken, in bytes.")
    peer_rows: int = setting("federation.peer_rows", 2_000_000, "Most records kept of one host.")
    peer_bytes: int = setting("federation.peer_bytes", 2_000_000_000, "Most bytes of records kept of one host.")

    peer_events: int = setting(
        "federation.peer_events", 1000, "Events a second taken of one host, on average; it waits when it sends more."
    )

    peer_accounts: int = setting("federation.peer_accounts", 100_000, "Most accounts kept of one host.")
    new_host_days: int = setting(
        "federation.new_host_days",
        3,
        "Days in which a host that is neither trusted nor allowed by name may bring a tenth of that; 0: none.",
    )
    hide_labels: list[str] = setting(
        "moderation.hide_labels",
        ["!hide", "!takedown"],
        "Values of labels that hide what they stand on, this node's and those of labelers that may hide; others warn.",
    )

    session_days: int = setting("people.session_days", 14, "Days that a browser session lasts.")
    open_registration: bool = setting("people.open_registration", False, "May anyone register without an invitation?")
    registration_roles: list[str] = setting("people.registration_roles", ["worker"], "Roles of who registers by page.")
    registrations_a_day: int = setting("people.registrations_a_day", 50, "New people in a day that close registration.")

    mail_server: str = setting("mail.server", "", "host:port of an SMTP server for new passwords; empty means no mail.")
    mail_security: str = setting("mail.security", "starttls", "starttls, tls, or none for a server on this machine.")
    mail_user: str = setting("mail.user", "", "Name to sign in there with; empty for none.")
    mail_password: str = setting("mail.password", "", "Password there.", secret=True)
    mail_sender: str = setting("mail.sender", "", "Address that mail comes from.")

    sign_on_issuer: str = setting("sign_on.issuer", "", "Address of the OpenID Connect provider; empty means none.")
    sign_on_client: str = setting("sign_on.client", "", "Name of this node there (client_id).")
    sign_on_secret: str = setting("sign_on.secret", "", "Secret of this node there (client_secret).", secret=True)
    sign_on_name: str = setting("sign_on.name", "", "What people call it, shown on the button.")
    sign_on_scope: str = setting("sign_on.scope", "openid profile email", "What is asked of the provider.")
    sign_on_groups: str = setting("sign_on.groups", "groups", "Claim that names somebody's groups.")
    sign_on_roles: list[str] = setting(
        "sign_on.roles", [], "group=role pairs, renewed at every sign-in; without any, whoever comes is a worker."
    )
    sign_on_renewal_days: int = setting(
        "sign_on.renewal_days",
        30,
        "Days after which the roles of groups lapse for who has not come this way; 0: never.",
    )

    meilisearch_url: str = setting(
        "search.meilisearch_url",
        "",
        "Meilisearch server to search with, or several, separated by commas; empty means the embedded engine.",
    )
    meilisearch_key: str = setting(
        "search.meilisearch_key", "", "Key for these servers; see docs/how-to/search-server.md.", secret=True
    )
    meilisearch_index: str = setting("search.meilisearch_index", "skillnet", "Name of the node's index there.")
    search_model: str = setting(
        "search.model",
        "",
        "Folder of a model for meanings, or URL#NAME of an embeddings endpoint; empty: occupations are found by words.",
    )
    search_model_key: str = setting("search.model_key", "", "Key for that endpoint.", secret=True)

    rewriting_url: str = setting(
        "rewriting.url", "", "OpenAI-compatible endpoint (…/v1) that may reword marked passages; empty: none."
    )
    rewriting_model: str = setting("rewriting.model", "", "Name of the model there.")
    rewriting_key: str = setting("rewriting.key", "", "Key for that endpoint.", secret=True)
    rewriting_timeout: int = setting("rewriting.timeout", 10, "Seconds that an answer may take in all.")
    rewriting_budget: int = setting("rewriting.budget", 200, "Requests a day for the whole node.")
    rewriting_budget_each: int = setting("rewriting.budget_each", 40, "Requests a day for each worker.")

    theme: str = setting("pages.theme", "default", "Name of the theme under themes/.")

    log_level: str = setting("log.level", "info", "debug, info, warning or error.")
    log_json: bool = setting("log.json", False, "Write logs as JSON lines instead of text.")
    traces: str = setting(
        "telemetry.traces",
        "",
        "Where traces go: `console`, or the address of an OpenTelemetry collector (OTLP over http, JSON); empty: none.",
    )

    @property
    def public_url(self) -> str:
        """The node's address without a trailing slash; on one machine spelled `localhost`, as did:web wants it."""
        return (self.url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def store_url(self) -> str:
        """The database's SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{self.data / 'skillnet.db'}"


@dataclass(frozen=True, slots=True)
class Declared:
    """One setting as documented."""

    attribute: str
    key: str
    meaning: str
    secret: bool
    default: Any

    @property
    def variable(self) -> str:
        """The environment variable that overrides it."""
        return "SKILLNET_" + self.key.upper().replace(".", "_")


def declared_settings() -> tuple[Declared, ...]:
    """All settings, in the order they are declared."""
    blank = Settings(data=Path())
    return tuple(
        Declared(f.name, f.metadata["key"], f.metadata["meaning"], f.metadata["secret"], getattr(blank, f.name))
        for f in fields(Settings)
        if "key" in f.metadata
    )
