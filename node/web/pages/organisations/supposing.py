"""What would be if this node trusted somebody else: computed, shown, never stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from node.errors import Unknown
from node.services.assembly import Services
from node.services.policy import Action, Viewer, may
from node.store.content import catalogue
from node.store.content.catalogue import PUBLIC
from node.store.sessions import Session
from node.web.contexts.cards import Link
from node.web.contexts.organisations.trust_graph import PlaceChange, Supposition, TrustChange
from node.web.pages.links import href_of_item, href_of_organisation
from node.web.pages.names import Names

if TYPE_CHECKING:
    from curation.ranking import Ranking, TrustIn
    from curation.slow.hypothesis import Hypothesis

FIRST = 10
NOTICED = 0.005  # changes of trust below half a percent are none
CHANGES_SHOWN = 20
KINDS = ("vouching", "unvouching", "without")


@dataclass(frozen=True, slots=True)
class Asked:
    """One of KINDS, and the organisation that it is about."""

    kind: str
    did: str

    def hypothesis(self) -> Hypothesis:
        """As the ranking takes it."""
        from curation.slow.hypothesis import Hypothesis

        return Hypothesis(**{self.kind: (self.did,)})

    def words(self, name: str, own: str) -> str:
        """What is supposed."""
        return {
            "vouching": f"If {own} vouched for {name}",
            "unvouching": f"If {own} took its vouch for {name} back",
            "without": f"If {own} did not hear {name} at all, whoever speaks for it",
        }[self.kind]


@dataclass(frozen=True, slots=True)
class _Order:
    """Trust and the order of modules, now or then."""

    trust: Mapping[str, TrustIn]
    order: list[str]


def find_asked(query: Mapping[str, str]) -> Asked | None:
    """What a reader asked for."""
    return next((Asked(kind, query[kind][:500]) for kind in KINDS if query.get(kind)), None)


def suppose(services: Services, session: Session, viewer: Viewer, asked: Asked) -> Supposition:
    """Compare this node's ranking with the one that there would be. Raises Unknown."""
    own = services.identity.did
    now = _Order(services.rankings.trust(), services.rankings.order(catalogue.list_uris(session, PUBLIC, "module")))
    if asked.did == own or (asked.did not in now.trust and not _is_known(session, asked.did)):
        raise Unknown("This node knows no organisation of that identity.")

    def read(ranking: Ranking) -> _Order:
        return _Order(ranking.trust, ranking.order(now.order))

    then = services.rankings.suppose(asked.hypothesis(), read)
    names = Names(session, {own, asked.did, *now.trust, *then.trust})
    return Supposition(
        words=asked.words(names.name(asked.did), names.name(own)),
        trust=tuple(_trust_changes(now.trust, then.trust, names)),
        places=tuple(_place_changes(session, now.order, then.order, ranked=len(then.trust) > 1)),
        note=_note(asked, now.trust, then.trust, names),
        act=_act(viewer, asked, names),
    )


def _is_known(session: Session, did: str) -> bool:
    names = Names(session, [did])
    return names.find_organisation(did) is not None or names.find_profile(did) is not None


def _trust_changes(before: Mapping[str, TrustIn], after: Mapping[str, TrustIn], names: Names) -> Iterator[TrustChange]:
    pairs = [(did, _trust(before, did), _trust(after, did)) for did in {**before, **after}]
    changed = [pair for pair in pairs if abs(pair[2] - pair[1]) >= NOTICED]
    for did, was, is_now in sorted(changed, key=lambda pair: (-abs(pair[2] - pair[1]), pair[0]))[:CHANGES_SHOWN]:
        yield TrustChange(organisation=names.organisation(did), after=is_now, words=_trust_words(was, is_now))


def _trust(trust: Mapping[str, TrustIn], did: str) -> float:
    return trust[did].trust if did in trust else 0.0


def _trust_words(before: float, after: float) -> str:
    if not before:
        return f"would be heard, at {after:.0%}"
    if not after:
        return f"would no longer be heard; {before:.0%} now"
    return f"{before:.0%} now, {after:.0%} then"


def _place_changes(
    session: Session, before: Sequence[str], after: Sequence[str], *, ranked: bool
) -> Iterator[PlaceChange]:
    if not ranked or before[:FIRST] == after[:FIRST]:
        return
    old, new = ({uri: place for place, uri in enumerate(order, 1)} for order in (before, after))
    left = sorted(set(before[:FIRST]) - set(after[:FIRST]), key=lambda uri: new.get(uri, len(after)))
    shown = [*after[:FIRST], *left]
    items = catalogue.find_items(session, shown, PUBLIC)
    for uri in shown:
        title = items[uri].title if uri in items else uri
        yield PlaceChange(
            module=Link(text=title, href=href_of_item(uri)), after=new.get(uri),
            words=_place_words(old.get(uri), new.get(uri)),
        )  # fmt: skip


def _place_words(before: int | None, after: int | None) -> str:
    if before is None or after is None:
        return ""
    if before == after:
        return "stays"
    return f"{'rises' if after < before else 'falls'} from place {before}"


def _note(asked: Asked, before: Mapping[str, TrustIn], after: Mapping[str, TrustIn], names: Names) -> str:
    if len(after) <= 1:
        return "Nobody would be trusted then, so nothing would be ranked."
    if asked.kind == "unvouching" and asked.did in after:
        parent = after[asked.did].parent
        speaker = f"people of {names.name(parent)}" if parent else "others"
        return f"It would still be heard, at {after[asked.did].trust:.0%}: {speaker} speak for it."
    if _trust(before, asked.did) == _trust(after, asked.did):
        return "Nothing would change: others speak for it as strongly."
    return ""


def _act(viewer: Viewer, asked: Asked, names: Names) -> Link | None:
    """Only a vouch can be given or taken back; where, for an operator."""
    if not may(viewer, Action.OPERATE) or asked.kind == "without" or names.find_organisation(asked.did) is None:
        return None
    label = "Vouch for it" if asked.kind == "vouching" else "Take the vouch back"
    return Link(text=label, href=f"{href_of_organisation(asked.did)}/vouch")
