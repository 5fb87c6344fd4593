"""Where things have their page on this node."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlencode

from node.services import naming
from node.web.contexts.cards import Link
from schemas.authority import MODULE, PATH, TASK
from schemas.identifiers import record_parts

_PORT = re.compile(r"^(did:web:[^:]+):(\d+)$")
_FOLDERS = {MODULE: "modules", TASK: "tasks", PATH: "paths"}


def href_of_item(uri: str) -> str | None:
    """The page of a module or task by its head's at-uri; None for an address that is no item's."""
    did, collection, name = record_parts(uri)
    folder = _FOLDERS.get(collection)
    return f"/{folder}/{_quoted(did)}/{_quoted(name)}" if folder else None


def href_of_version(item_uri: str, version_uri: str) -> str:
    """The page of one version."""
    return f"{href_of_item(item_uri)}?version={record_parts(version_uri)[2]}"


def href_of_person(did: str) -> str:
    """The page of a practitioner."""
    return f"/people/{_quoted(did)}"


def href_of_organisation(did: str) -> str:
    """The page of an organisation."""
    return f"/organisations/{_quoted(did)}"


def href_of_picture(did: str, cid: str) -> str:
    """The bytes of a picture."""
    return f"/pictures/{_quoted(did)}/{_quoted(cid)}"


def href_of_record(uri: str, *, hosted: bool) -> str:
    """The record as JSON: by the protocol where it is hosted here, from what was verified otherwise."""
    if not hosted:
        return "/api/records?" + urlencode({"uri": uri})
    did, collection, rkey = record_parts(uri)
    return "/xrpc/com.atproto.repo.getRecord?" + urlencode({"repo": did, "collection": collection, "rkey": rkey})


def href_of_search(**filters: str | Iterable[str]) -> str:
    """A search with these fields; empty ones are left out."""
    given = {name: value for name, value in filters.items() if value}
    return "/search?" + urlencode(given, doseq=True) if given else "/search"


def did_of(text: str) -> str:
    """The DID that an address names. A port's `%3A` (did:web method, section 3) is put back where somebody undid it."""
    return _PORT.sub(r"\1%3A\2", text)


def query_of(**fields: str) -> str:
    """The part of an address behind its question mark."""
    return urlencode(fields)


def kind_of(uri: str) -> str:
    """`module`, `task` or `path` by a head's at-uri, '' for what is none of them."""
    return {MODULE: "module", TASK: "task", PATH: "path"}.get(record_parts(uri)[1], "")


def occupation_link(code: str) -> Link:
    """An occupation, leading to everything for it."""
    href = f"/occupations/{_quoted(code)}" if naming.is_imported(code) else href_of_search(occupation=code)
    return Link(text=naming.occupation_name(code), href=href)


def skill_link(code: str) -> Link:
    """A skill, leading to everything that builds it."""
    href = f"/skills/{_quoted(code)}" if naming.is_imported(code) else href_of_search(skill=code)
    return Link(text=naming.skill_name(code), href=href)


def task_link(code: str, titles: Mapping[str, str]) -> Link:
    """A task: catalogued ones (in `titles`, by at-uri) by their page, reference ones by a search."""
    if code in titles:
        return Link(text=titles[code], href=href_of_item(code))
    if naming.is_imported(code):
        return Link(text=naming.task_name(code), href="/tasks/" + quote(code, safe=":/"))
    known = code.startswith(("onet:", "isco:", "esco:"))
    return Link(text=naming.task_name(code), href=href_of_search(task=code) if known else None)


def licence_link(spdx: str) -> Link:
    """A licence and its text."""
    return Link(text=spdx, href=naming.licence_address(spdx))


def _quoted(text: str) -> str:
    # A did:web with a port holds %3A, which must come back from the address as it is.
    return quote(text, safe=":")
