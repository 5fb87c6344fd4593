"""Modules and tasks as they stand in lists, each with its reason; a list is read in a few queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from node.services import naming
from node.services.assembly import Services
from node.store.clock import moment_of
from node.store.content import catalogue
from node.store.content.catalogue import Audiences
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow
from node.web.contexts.cards import Audience, Freshness, FreshnessState, Layer, Level, ModuleCard, TaskCard
from node.web.pages.labels import warnings_in_list
from node.web.pages.links import href_of_item
from node.web.pages.names import Names
from node.web.wording import Wording

if TYPE_CHECKING:
    from curation import freshness as curation_freshness
    from curation.explaining.heard import HeardVerdict

FRESH, AGEING = 0.7, 0.35  # freshness from which the mark is full, half full
NO_FRESHNESS = Freshness(state="ageing", value=1.0, reasons=())
_WORDS = Wording(str)


@dataclass(frozen=True, slots=True)
class Placed:
    """An item's place in a list: which, and whether it holds one of the places kept for the little known."""

    uri: str
    exploring: bool = False


def freshness_context(found: curation_freshness.Freshness | None) -> Freshness:
    """Freshness as themes show it."""
    if found is None:
        return NO_FRESHNESS
    reasons = tuple(found.sentences()) or ("It was confirmed lately and nothing it names has changed.",)
    state: FreshnessState = "fresh" if found.value >= FRESH else "ageing" if found.value >= AGEING else "stale"
    return Freshness(state=state, value=found.value, reasons=reasons)


def layer_of(text: str) -> Layer:
    """The layer of a module; its lexicon allows no other word."""
    return cast(Layer, text)


def level_of(text: str) -> Level:
    """The level of a module; one that does not say is for the competent."""
    return cast(Level, text or "competent")


def module_cards(
    services: Services, session: Session, places: Sequence[Placed], audiences: Audiences, task: str = ""
) -> tuple[ModuleCard, ...]:
    """Cards in the order of `places`; what the reader may not see is left out. Reasons speak of `task` where given."""
    items = catalogue.find_items(session, [place.uri for place in places], audiences)
    heard = services.rankings.heard(list(items))
    organisations = {said.organisation for verdicts in heard.values() for said in verdicts}
    names, fresh = (
        Names(session, organisations | {item.did for item in items.values()}),
        services.freshening.of(list(items)),
    )
    reasons, warnings = _Reasons(services, names, task), warnings_in_list(session, items.values())
    return tuple(
        replace(
            _module_card(item, place, names, freshness_context(fresh.get(place.uri))),
            reason=reasons.of(item, heard[item.uri]),
            warnings=warnings.get(item.uri, ()),
        )
        for place in places
        if (item := items.get(place.uri)) is not None
    )


def _module_card(item: ItemRow, place: Placed, names: Names, fresh: Freshness) -> ModuleCard:
    return ModuleCard(
        title=item.title,
        description=item.description,
        href=href_of_item(item.uri) or "/",
        language=item.language or "en",
        layer=layer_of(item.layer),
        level=level_of(item.level),
        minutes=item.minutes or None,
        author=names.person(item.did),
        freshness=fresh,
        reason="",
        exploring=place.exploring,
        audience=cast(Audience, item.audience),
    )


class _Reasons:
    """One sentence for a place, from the verdicts that count here."""

    def __init__(self, services: Services, names: Names, task: str) -> None:
        self._names = names
        self._task = task
        self._ranked = services.rankings.unranked_reason() is None

    def of(self, item: ItemRow, heard: Sequence[HeardVerdict]) -> str:
        """Why it stands there."""
        if not self._ranked:
            return f"Published {_WORDS.day(moment_of(item.updated_at))}. Not ranked: this node trusts nobody yet."
        if not heard:
            return "Nobody whom this node trusts has used it yet."
        here = [said for said in heard if said.task == self._task] if self._task else []
        return self._sentence(here or heard, "on this very task" if here else "")

    def _sentence(self, heard: Sequence[HeardVerdict], where: str) -> str:
        positive = [said for said in heard if said.verdict != "fails"]
        negative = len(heard) - len(positive)
        used = f"used it {where}".strip()
        if not positive:
            return f"{_who(self._voices(heard))} {used}, and it failed."
        changes = all(said.verdict == "works-with-changes" for said in positive)
        found = "it works with changes" if changes else "it works"
        against = f", {_WORDS.count('one verdict against', '{n} verdicts against', negative)}" if negative else ""
        return f"{_who(self._voices(positive))} {used} and found that {found}{against}."

    def _voices(self, verdicts: Iterable[HeardVerdict]) -> list[str]:
        return [self._names.name(did) for did in sorted({said.organisation for said in verdicts})]


def _who(names: Sequence[str]) -> str:
    """Harbour Services; A and B; A, B and 3 more."""
    shown = list(names[:2])
    if len(names) > 2:
        return f"{', '.join(shown)} and {len(names) - 2} more"
    return " and ".join(shown)


def task_cards(
    session: Session, uris: Sequence[str], audiences: Audiences, helping: Mapping[str, int]
) -> tuple[TaskCard, ...]:
    """Cards in the order given; `helping` counts the modules that serve each task, by at-uri."""
    items = catalogue.find_items(session, uris, audiences)
    return tuple(
        TaskCard(
            title=item.title,
            statement=item.description,
            href=href_of_item(uri) or "/",
            language=item.language or "en",
            occupations=tuple(naming.occupation_name(code) for code in item.occupations[:2]),
            steps=_count_steps(session, item, audiences),
            modules=helping.get(uri, 0),
        )
        for uri in uris
        if (item := items.get(uri)) is not None
    )


def _count_steps(session: Session, item: ItemRow, audiences: Audiences) -> int:
    version = catalogue.find_version(session, item.version_uri, audiences)
    steps: Any = version.value.get("steps") if version else None
    return len(steps or ())
