"""Catalogue rows from record values that have passed their lexicon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from federation.did.document import web_did
from node.authoring.checks.hidden import find_hidden
from node.store.clock import parse_time
from node.store.tables.catalogue import (
    CredentialRow,
    EndorsementRow,
    ItemRow,
    OrganisationRow,
    ProfileRow,
    SuggestionRow,
    VersionRow,
    VouchRow,
)
from schemas.authority import MODULE, MODULE_VERSION, PATH, PATH_VERSION, TASK, TASK_VERSION
from schemas.datamodel import texts_in, to_json

Value = Mapping[str, Any]

HEAD_OF = {MODULE_VERSION: MODULE, TASK_VERSION: TASK, PATH_VERSION: PATH}
KIND_OF = {MODULE: "module", TASK: "task", PATH: "path"}


def micros(text: str | None) -> int:
    """The moment an RFC 3339 text or date names; 0 for none."""
    return parse_time(text if "T" in text else f"{text}T00:00:00Z") if text else 0


def version_row(uri: str, cid: str, did: str, collection: str, value: Value) -> VersionRow:
    """One immutable version; `major` and `first_seen` are the cataloguer's to set."""
    return VersionRow(
        uri=uri,
        cid=cid,
        item_uri=f"at://{did}/{HEAD_OF[collection]}/{value['name']}",
        did=did,
        previous=(value.get("previous") or {}).get("uri", ""),
        change_note=value.get("changeNote", ""),
        value=to_json(dict(value)),
        hidden=kinds_hidden(value),
    )


def kinds_hidden(value: Any) -> list[str]:
    """Kinds of text in a record that a reader does not see and an assistant does: the codes of lint."""
    return sorted({problem.code for problem in find_hidden("\n\n".join(texts_in(value)))})


def item_row(head_uri: str, collection: str, head: Value, version: VersionRow) -> ItemRow:
    """An item as its head shows it: the facts of the current version."""
    value: dict[str, Any] = version.value
    retired = head.get("retired") or {}
    return ItemRow(
        uri=head_uri,
        kind=KIND_OF[collection],
        did=version.did,
        name=value["name"],
        audience=version.audience,
        version_uri=version.uri,
        version_cid=version.cid,
        title=value["title"],
        description=value.get("description") or value.get("statement", ""),
        language=value.get("language", ""),
        licence=value.get("license", ""),
        layer=value.get("layer", ""),
        level=value.get("level", ""),
        minutes=value.get("minutes") or sum(step.get("minutes", 0) for step in value.get("steps", [])),
        occupations=value.get("occupations", []),
        tasks=value.get("tasks", []),
        skills=value.get("skills", []),
        requires=value.get("requires", []),
        tools=value.get("tools", []),
        review_by=value.get("reviewBy", ""),
        translation_of=_reference(value.get("translationOf")),
        derived_from=_reference(value.get("derivedFrom")),
        source=value.get("source", ""),
        major=version.major,
        retired=retired.get("reason", "") if retired else "",
        first_seen=version.first_seen,
    )


def _reference(value: Any) -> str:
    """The at-uri of a plain or strong reference."""
    return value.get("uri", "") if isinstance(value, Mapping) else value or ""


def endorsement_row(uri: str, did: str, rev: str, value: Value) -> EndorsementRow:
    """A verdict."""
    return EndorsementRow(
        uri=uri,
        did=did,
        item_uri=value["module"],
        version_uri=value["subject"]["uri"],
        version_cid=value["subject"]["cid"],
        task=value.get("task", ""),
        verdict=value["verdict"],
        outdated=bool(value.get("outdated")),
        unsafe=bool(value.get("unsafe")),
        note=value.get("note", ""),
        rev=rev,
        claimed_at=micros(value.get("createdAt")),
    )


def suggestion_row(uri: str, cid: str, did: str, value: Value) -> SuggestionRow:
    """A proposed change; its text stays in the record."""
    item = value["module"]
    return SuggestionRow(
        uri=uri,
        cid=cid,
        did=did,
        item_uri=item,
        author=item.removeprefix("at://").partition("/")[0],
        version_uri=value["subject"]["uri"],
        note=value["note"],
    )


def vouch_row(uri: str, did: str, _rev: str, value: Value) -> VouchRow:
    """A vouch."""
    return VouchRow(uri=uri, did=did, subject=value["subject"], note=value.get("note", ""))


def credential_row(uri: str, did: str, _rev: str, value: Value) -> CredentialRow:
    """A credential as its node signed it."""
    return CredentialRow(
        uri=uri,
        did=did,
        subject=value["subject"],
        occupation=value["occupation"],
        valid_from=micros(value.get("from")),
        valid_until=micros(value.get("until")),
        revoked_at=micros(value.get("revokedAt")),
    )


def profile_row(_uri: str, did: str, _rev: str, value: Value) -> ProfileRow:
    """A practitioner's profile."""
    return ProfileRow(
        did=did,
        name=value.get("displayName", ""),
        description=value.get("description", ""),
        credentials=value.get("credentials", []),
        occupations=value.get("occupations", []),
        takes_questions_on=value.get("takesQuestionsOn", []),
        languages=value.get("languages", []),
    )


def is_of_node(did: str, value: Value) -> bool:
    """Is this the repository of whoever serves the address? A practitioner's is none of an organisation."""
    try:
        return did.lower() == web_did(value["url"]).lower()
    except ValueError:  # no address at all
        return False


def organisation_row(_uri: str, did: str, _rev: str, value: Value) -> OrganisationRow:
    """What a node says of itself."""
    return OrganisationRow(
        did=did,
        name=value["name"],
        url=value["url"],
        description=value.get("description", ""),
        peers=value.get("peers", []),
        directory=value.get("directory", ""),
    )
