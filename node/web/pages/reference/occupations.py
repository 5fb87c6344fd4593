"""An occupation: its tasks, what there is for each, where the holes are; the same as a spreadsheet."""

from __future__ import annotations

from typing import Any, cast

from litestar import Response, get
from litestar.response import Redirect

from node.errors import Unknown
from node.services import naming
from node.services.assembly import Services
from node.services.policy import Viewer
from node.services.reference.coverage import Covered, as_csv, coverage_of
from node.services.reference.graph.likeness import Likeness
from node.store.content import reference
from node.store.content.catalogue import Audiences
from node.store.sessions import Session
from node.web.contexts.cards import Level
from node.web.contexts.reference import AlikeOccupation, CoverageLine, Finding, OccupationPage
from node.web.pages.links import href_of_search
from node.web.pages.reading import AnyRequest, readable_by, revalidated, show_document
from node.web.pages.reference.classified import (
    attribution_of,
    best_of,
    book_link,
    occupation_page_link,
    statement_link,
)
from node.web.presenting import site_of

NAMES, TOOLS, ALIKE = 16, 20, 6


@get("/occupations/{code:str}", sync_to_thread=True, include_in_schema=False)
def occupation_page(request: AnyRequest, services: Services, viewer: Viewer, code: str) -> Response[Any]:
    """An occupation of a classification, or one that only the catalogue names."""
    audiences = readable_by(services, viewer)
    with services.database.read() as session:
        successor = reference.find_successor(session, code) if not reference.find_occupation(session, code) else None
        if successor is not None:
            return Redirect(occupation_page_link(successor).href or "/", status_code=302)
        page = _page(request, services, viewer, session, code, audiences)
    return show_document(request, services, viewer, page)


@get("/occupations/{code:str}/coverage.csv", sync_to_thread=True, include_in_schema=False)
def coverage_csv(request: AnyRequest, services: Services, viewer: Viewer, code: str) -> Response[Any]:
    """Its coverage, one line a task."""
    audiences = readable_by(services, viewer)
    with services.database.read() as session:
        if reference.find_occupation(session, code) is None:
            raise Unknown(f"This node knows no occupation {code[:100]}.")
        rows = coverage_of(session, services.reference.shelves, services.freshening.values, code, audiences)
    response = revalidated(request, as_csv(rows).encode(), "text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="coverage-{_plain(code)}.csv"'
    return response


def _page(
    request: AnyRequest, services: Services, viewer: Viewer, session: Session, code: str, audiences: Audiences
) -> OccupationPage:
    row = reference.find_occupation(session, code)
    books = services.reference.shelves.at("occupation", code, audiences)
    if row is None and not books:
        raise Unknown(f"This node knows no occupation {code[:100]}.", hint="Search finds what it knows.")
    lines = coverage_of(session, services.reference.shelves, services.freshening.values, code, audiences)
    alike = services.reference.likeness.of(code, ALIKE) if lines else []
    across = reference.across(session, code)
    scheme = reference.scheme_of(code)
    return OccupationPage(
        site=site_of(request, services, viewer),
        title=row.title if row else naming.occupation_name(code),
        code=code,
        description=row.description if row else "",
        names=tuple(row.aliases[:NAMES]) if row else (),
        more_names=max(0, len(row.aliases) - NAMES) if row else 0,
        tasks=tuple(map(_line, lines)),
        holes=sum(line.is_hole for line in lines),
        csv=f"/occupations/{code}/coverage.csv" if lines else None,
        modules=best_of(services, session, books, audiences),
        alike=tuple(map(_alike, alike)),
        across=tuple(occupation_page_link(other) for other, _ in across if not other.startswith("esco:")),
        parts=tuple(occupation_page_link(other) for other, _ in across if other.startswith("esco:")),
        tools=tuple(dict.fromkeys(name for name, _ in row.tools))[:TOOLS] if row else (),
        search=href_of_search(occupation=code),
        attribution=attribution_of(session, scheme),
    )


def _line(line: Covered) -> CoverageLine:
    part = line.parts[0] if line.parts else None
    return CoverageLine(
        task=statement_link(line.task),
        core=line.task.kind == "core",
        decomposed=tuple(map(book_link, line.decompositions)),
        modules=len(line.modules),
        levels=tuple(cast(Level, level) for level, count in line.levels.items() if count),
        freshest=line.freshest if line.modules else None,
        finding=cast(Finding, part.finding) if part else None,
        provenance=part.provenance if part else "",
    )


def _alike(found: Likeness) -> AlikeOccupation:
    activities = [naming.skill_name(code) for code in found.shared["activities"]]
    said = [f"Both: {'; '.join(activities)}." if activities else ""]
    said += [f"Both use {', '.join(found.shared['tools'])}." if found.shared["tools"] else ""]
    said += ["Their descriptions are alike." if not any(said) else ""]
    return AlikeOccupation(occupation=occupation_page_link(found.occupation), reason=" ".join(filter(None, said)))


def _plain(code: str) -> str:
    return "".join(letter if letter.isalnum() or letter in ".-" else "-" for letter in code)


HANDLERS = (occupation_page, coverage_csv)
