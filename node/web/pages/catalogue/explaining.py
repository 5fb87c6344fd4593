"""Why something stands where it stands, with the names of organisations in place of their DIDs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from node.services.assembly import Services
from node.store.content import catalogue
from node.store.content.catalogue import PUBLIC
from node.store.sessions import Session
from node.store.tables.catalogue import EndorsementRow, ItemRow
from node.web.contexts.catalogue.explanation import Explanation, Voice
from node.web.pages.names import Names

if TYPE_CHECKING:
    from curation.explaining.explanation import Explanation as Found
    from curation.explaining.explanation import VoiceHeard

NAMED = 5  # organisations of a sentence that are named; of a flood the number is enough
INTERNAL = "It is kept inside this organisation, so the public ranking does not count it."


def explain(services: Services, session: Session, item: ItemRow, verdicts: Sequence[EndorsementRow]) -> Explanation:
    """The position of an item among its kind."""
    if item.audience not in PUBLIC:
        return _unranked(INTERNAL)
    found = services.rankings.explain(item.uri)
    names = Names(session, _mentioned(found) | {row.did for row in verdicts})
    if not found.ranked:
        return _unranked(_said(verdicts), _dropped(found, names))
    order = services.rankings.order(catalogue.list_uris(session, PUBLIC, item.kind))
    return Explanation(
        ranked=True,
        summary=_summary(found),
        place=order.index(item.uri) + 1 if item.uri in order else None,
        among=len(order) or None,
        task=None,
        score=found.score,
        mean=found.mean,
        evidence=_in_verdicts(found.evidence),
        voices=tuple(_voices(found, names, verdicts)),
        dropped=_dropped(found, names),
        would_raise=tuple(
            replace(rise, organisation=names.name(rise.organisation)).sentence() for rise in found.what_would_raise
        ),
    )


def _in_verdicts(evidence: float) -> float:
    """What is heard beyond the prior, counted in first verdicts of a fully trusted organisation."""
    from curation.parameters import Parameters

    parameters = Parameters()
    return max(0.0, evidence - parameters.prior_weight) * (1.0 + parameters.voice_half)


def _unranked(summary: str, dropped: tuple[str, ...] = ()) -> Explanation:
    return Explanation(
        ranked=False, summary=summary, place=None, among=None, task=None, score=None, mean=None, evidence=None,
        voices=(), dropped=dropped, would_raise=(),
    )  # fmt: skip


def _said(verdicts: Sequence[EndorsementRow]) -> str:
    if not verdicts:
        return "Nobody has used it and said so yet."
    return "This node trusts no other organisation yet, so verdicts are shown but give no order."


def _summary(found: Found) -> str:
    heard = [voice for voice in found.voices if voice.voice > 0.0]
    if not heard:
        return "Nobody whom this node trusts has used it and said so, so it stands where an unknown one would."
    speakers = "One trusted organisation has" if len(heard) == 1 else f"{len(heard)} trusted organisations have"
    return (
        f"{speakers} used it. It is expected to work in {round(100 * found.mean)} of 100 cases,"
        f" against {round(100 * found.prior)} for an unknown one."
    )


def _voices(found: Found, names: Names, verdicts: Sequence[EndorsementRow]) -> Iterator[Voice]:
    largest = max((abs(voice.contribution) for voice in found.voices), default=0.0) or 1.0
    for voice in found.voices:
        path = voice.trust_path if len(voice.trust_path) > 1 else ()
        yield Voice(
            organisation=names.organisation(voice.organisation),
            words=_opinion(voice, [row for row in verdicts if names.organisation_of(row.did) == voice.organisation]),
            opinion=voice.opinion,
            contribution=voice.contribution,
            share=abs(voice.contribution) / largest,
            trust=voice.trust,
            path=tuple(names.organisation(did) for did in path),
        )


def _opinion(voice: VoiceHeard, verdicts: Sequence[EndorsementRow]) -> str:
    """Who said what: "3 practitioners: 2 found that it works, 1 that it fails."."""
    people = len({row.did for row in verdicts}) or 1
    who = "One practitioner" if people == 1 else f"{people} practitioners"
    words = {"works": "it works", "works-with-changes": "it works with changes", "fails": "it fails"}
    said = [
        f"{found}{f' ({times} times)' if times > 1 else ''}"
        for verdict, found in words.items()
        if (times := sum(1 for row in verdicts if row.verdict == verdict))
    ]
    if not said:
        return f"{who} judged it: {round(100 * voice.opinion)} of 100 that it works."
    return f"{who} found that {', '.join(said)}."


def _dropped(found: Found, names: Names) -> tuple[str, ...]:
    return tuple(replace(drop, organisations=_named(drop.organisations, names)).sentence() for drop in found.dropped)


def _mentioned(found: Found) -> set[str]:
    return {
        *(did for voice in found.voices for did in (voice.organisation, *voice.trust_path)),
        *(did for drop in found.dropped for did in drop.organisations[:NAMED]),
        *(rise.organisation for rise in found.what_would_raise),
    }


def _named(organisations: Sequence[str], names: Names) -> tuple[str, ...]:
    return (*(names.name(did) for did in organisations[:NAMED]), *organisations[NAMED:])
