"""The text of modules and tasks as safe HTML, plain as signed."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from node.authoring.document import Document
from node.authoring.parse import parse_module
from node.authoring.render import render
from node.authoring.rendering.view import View, web_link
from node.authoring.value import document_of
from node.services.assembly import Services
from node.services.cataloguing.readings import fold, unfold
from node.store.tables.catalogue import VersionRow
from node.web.pages.links import href_of_picture


def render_version(services: Services, version: VersionRow) -> Markup:
    """The body of a version; a task's is what stands beside its steps."""
    folded = services.readings.of(version, "page", lambda: fold(_rendered(services, version)))
    return Markup(unfold(folded))  # noqa: S704 - sanitised by the renderer


def _rendered(services: Services, version: VersionRow) -> str:
    view = View(picture=pictures_of(version).get, link=web_link)
    return render(document_of(version.value, body_of(services, version)), view).html


def render_text(text: str) -> Markup:
    """A few lines of Markdown."""
    return render_document(parse_module(text)) if text.strip() else Markup("")


def render_document(document: Document) -> Markup:
    """A draft; pictures that were not uploaded stay out."""
    return Markup(render(document, View(link=web_link)).html)  # noqa: S704 - sanitised by the renderer


def body_of(services: Services, version: VersionRow) -> str | None:
    """The body that lies beside the record as a blob; None when the record carries it."""
    blob: Any = version.value.get("bodyBlob")
    if not blob:
        return None
    cid = cid_of(blob)
    found = services.blobs.find(cid) or (services.internal.find_blob(cid) if version.audience != "public" else None)
    return "" if found is None else found.decode("utf-8", "replace")


def cid_of(blob: Any) -> str:
    """The CID of a blob in JSON form, '' for none."""
    return str((blob.get("ref") or {}).get("$link", "")) if isinstance(blob, dict) else ""


def pictures_of(version: VersionRow) -> dict[str, str]:
    """Path in the module → address of the picture on this node."""
    found: Any = version.value.get("pictures") or []
    named = {str(entry.get("path")): cid_of(entry.get("blob")) for entry in found if isinstance(entry, dict)}
    return {path: href_of_picture(version.did, cid) for path, cid in named.items() if cid}
