"""The verdicts on an item, and the form with which a practitioner gives one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import cast

from node.services import naming
from node.services.assembly import Services
from node.services.policy import Action, Viewer, audiences_of, may
from node.store.clock import moment_of
from node.store.content import catalogue
from node.store.content.catalogue import PUBLIC, Audiences
from node.store.sessions import Session
from node.store.tables.catalogue import EndorsementRow, ItemRow, VersionRow
from node.web.contexts.cards import Choice, Link
from node.web.contexts.endorsements.endorsing import EndorseForm, EndorsementLine, Verdict
from node.web.pages.links import query_of, task_link
from node.web.pages.names import Names

TASKS_OFFERED = 40
LONGEST_NOTE = 2_000
_VERDICTS = ("works", "works-with-changes", "fails")
_NUMBERS = ("no", "one", "two", "three", "four", "five")


def endorsement_lines(
    services: Services,
    names: Names,
    verdicts: Sequence[EndorsementRow],
    versions: Sequence[VersionRow],
    titles: Mapping[str, str],
) -> tuple[EndorsementLine, ...]:
    """Newest first. `versions` oldest first, `titles` of the tasks that are catalogued here."""
    trusted = services.rankings.trust()
    known = {version.uri: version for version in versions}
    ages = {version.uri: age for age, version in enumerate(reversed(versions))}
    return tuple(
        EndorsementLine(
            by=names.person(row.did),
            verdict=cast(Verdict, row.verdict),
            task=task_link(row.task, titles) if row.task else None,
            note=row.note,
            at=moment_of(row.given_at),
            version=_version_words(ages.get(row.version_uri)),
            outdated=row.outdated,
            unsafe=row.unsafe,
            not_counted=_not_counted(row, known.get(row.version_uri), names.organisation_of(row.did) in trusted),
        )
        for row in sorted(verdicts, key=attrgetter("given_at"), reverse=True)
    )


def _version_words(age: int | None) -> str:
    if age is None:
        return "a version that is not known here"
    if age == 0:
        return "this version"
    return f"{_NUMBERS[age] if age < len(_NUMBERS) else age} version{'s' if age > 1 else ''} ago"


def _not_counted(row: EndorsementRow, version: VersionRow | None, trusted: bool) -> str:
    if row.audience not in PUBLIC:
        return "it stays inside this organisation"
    if version is None or version.cid != row.version_cid:
        return "it is about a text that this node does not have"
    return "" if trusted else "this node does not trust the organisation yet"


def may_endorse(viewer: Viewer, item: ItemRow) -> bool:
    """Practitioners other than the author; on what is kept inside, those who may keep their word inside."""
    if not viewer.did or viewer.did == item.did or not may(viewer, Action.ENDORSE):
        return False
    return item.audience in PUBLIC or may(viewer, Action.KEEP_INSIDE)


def _audiences(viewer: Viewer, item: ItemRow, said: EndorsementRow | None) -> tuple[Choice, ...]:
    """Who is told; empty where only one answer is possible."""
    if item.audience not in PUBLIC or not may(viewer, Action.KEEP_INSIDE):
        return ()
    inside = said is not None and said.audience not in PUBLIC
    return (
        Choice(value="public", label="Everybody; it counts for the order", chosen=not inside),
        Choice(value="organisation", label="Members of this node alone", chosen=inside),
    )


def endorse_form(
    session: Session, viewer: Viewer, item: ItemRow, version_uri: str, verdicts: Sequence[EndorsementRow]
) -> EndorseForm | None:
    """The form, filled with what this practitioner said last."""
    if not may_endorse(viewer, item):
        return None
    own = sorted((row for row in verdicts if row.did == viewer.did), key=attrgetter("given_at"))
    said = own[-1] if own else None
    address = f"/endorsements/{said.uri.rpartition('/')[2]}" if said else ""
    renewable = said is not None and said.audience in PUBLIC and said.verdict != "fails" and not said.outdated
    return EndorseForm(
        action="/endorse",
        version=version_uri,
        tasks=tuple(_task_choices(session, item, audiences_of(viewer), said.task if said else "")),
        audiences=_audiences(viewer, item, said),
        verdict=cast(Verdict, said.verdict) if said else None,
        note=said.note if said else "",
        withdraw=f"{address}/withdraw" if said else None,
        suggest="/write?" + query_of(suggest=item.uri) if said and said.verdict == "works-with-changes" else None,
        renew=f"{address}/renew" if renewable else None,
    )


def as_drafted(form: EndorseForm | None, query: Mapping[str, str]) -> EndorseForm | None:
    """The form as an address fills it in, for its reader to look at and sign – or not."""
    verdict, task, note = (query.get(name, "") for name in ("verdict", "task", "note"))
    if form is None or verdict not in _VERDICTS:
        return form
    tasks = tuple(replace(choice, chosen=choice.value == task) for choice in form.tasks)
    known = any(choice.chosen for choice in tasks)
    return replace(
        form,
        verdict=cast(Verdict, verdict),
        note=note[:LONGEST_NOTE],
        tasks=tasks if known else form.tasks,
        drafted=True,
    )


def _task_choices(session: Session, item: ItemRow, audiences: Audiences, chosen: str) -> list[Choice]:
    """Tasks it may have been used on: its own first, then those of the same occupations, then all others."""
    if item.kind == "task":
        return [Choice(value=item.uri, label=item.title, chosen=True)]
    tasks = {row.uri: row for row in catalogue.list_items(session, audiences, kind="task") if not row.retired}
    titles = {uri: row.title for uri, row in tasks.items()}
    near = [uri for uri, row in tasks.items() if set(row.occupations) & set(item.occupations)]
    offered = dict.fromkeys([*filter(None, [chosen]), *item.tasks, *near, *tasks])
    usable = [code for code in offered if code in titles or code.startswith(("onet:", "isco:", "esco:", "at://"))]
    usable = usable or [code for code in item.occupations if naming.occupation_name(code)]
    return [Choice(value=code, label=_label(code, titles), chosen=code == chosen) for code in usable[:TASKS_OFFERED]]


def _label(code: str, titles: Mapping[str, str]) -> str:
    link: Link = task_link(code, titles)
    return link.text if len(link.text) <= 90 else link.text[:89].rstrip() + "…"


def titles_of(session: Session, codes: Sequence[str], audiences: Audiences) -> dict[str, str]:
    """Titles of the items among `codes`."""
    uris = [code for code in codes if code.startswith("at://")]
    return {uri: row.title for uri, row in catalogue.find_items(session, uris, audiences).items()}
