"""The audit log: for operators, as a page and for programs."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from node.services.assembly import Services
from node.services.policy import Action, Viewer, require
from node.store.clock import as_text, moment_of
from node.store.tables.people import AuditRow
from node.web.contexts.operator.admin import AuditEntry, AuditPage
from node.web.pages.reading import AnyRequest
from node.web.presenting import show, site_of

SHOWN, MOST = 100, 1000


@get("/admin/audit", sync_to_thread=True, include_in_schema=False)
def audit_page(request: AnyRequest, services: Services, viewer: Viewer, before: int = 0) -> Response[Any]:
    """The newest lines, and whether all of them are as they were written."""
    require(viewer, Action.OPERATE)
    checked, rows = services.audit.check(), services.audit.list(SHOWN, before)
    page = AuditPage(
        site=site_of(request, services, viewer),
        entries=tuple(map(_entry, rows)),
        count=checked.entries,
        whole=checked.ok,
        broken=checked.broken,
        head=checked.head,
        older=f"/admin/audit?before={rows[-1].seq}" if len(rows) == SHOWN else None,
    )
    return show(services, page)


@get("/api/audit", sync_to_thread=True)
def audit(services: Services, viewer: Viewer, expected: str = "", limit: int = SHOWN) -> dict[str, Any]:
    """The newest entries and the check of the whole chain, in which the hash `expected` must be."""
    require(viewer, Action.OPERATE)
    checked = services.audit.check(expected)
    return {
        "ok": checked.ok, "entries": checked.entries, "head": checked.head, "broken": checked.broken,
        "met": checked.met,
        "newest": [
            {
                "number": row.seq, "at": as_text(row.at), "actor": row.actor, "action": row.action,
                "subject": row.subject, "detail": row.detail, "hash": row.hash,
            }
            for row in services.audit.list(max(0, min(limit, MOST)))
        ],
    }  # fmt: skip


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        number=row.seq, at=moment_of(row.at), actor=row.actor, action=row.action, subject=row.subject,
        detail=row.detail,
    )  # fmt: skip


HANDLERS = (audit_page, audit)
