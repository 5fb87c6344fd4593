"""Put a question's fields and a request's filters together, and refuse what documents do not have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from node.search.document import FACETS
from node.search.errors import FacetUnknown
from node.search.query.question import Question
from node.search.request import SearchRequest

FILTERS = (*FACETS, "by")
MOST_VALUES = 1000


@dataclass(frozen=True, slots=True)
class Filters:
    """Facet → values: `only` needs any of each, `without` none of them. Values compare without regard to case."""

    only: tuple[tuple[str, tuple[str, ...]], ...]
    without: tuple[tuple[str, tuple[str, ...]], ...]
    audiences: tuple[str, ...]

    def except_for(self, facet: str) -> Filters:
        """The same without what narrows one facet: its counts show what else could be chosen."""
        return Filters(tuple(f for f in self.only if f[0] != facet), self.without, self.audiences)

    def narrows(self, facet: str) -> bool:
        """Whether a value of this facet is asked for."""
        return any(name == facet for name, _ in self.only)


def visible(audiences: Iterable[str], kinds: Sequence[str] = ()) -> Filters:
    """What a reader may see, of these kinds or of all."""
    return Filters((("kind", tuple(kinds)),) if kinds else (), (), tuple(sorted(audiences)))


def merge_filters(question: Question, request: SearchRequest) -> Filters:
    """Raises FacetUnknown for a name that is not in FILTERS."""
    _known((*request.filters, *request.facets))
    only = [*request.filters.items(), *question.only.items()]
    return Filters(_clean(only), _clean(question.without.items()), tuple(sorted(request.audiences)))


def _known(names: Iterable[str]) -> None:
    for name in names:
        if name not in FILTERS:
            raise FacetUnknown(f"There is no filter “{name}”.", hint=f"There are: {', '.join(FILTERS)}.")


def _clean(filters: Iterable[tuple[str, Sequence[str]]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, _values(values, by=name == "by")) for name, values in filters if values)


def _values(values: Sequence[str] | str, *, by: bool) -> tuple[str, ...]:
    given = (values,) if isinstance(values, str) else tuple(values)[:MOST_VALUES]
    return tuple(v.lower().removeprefix("@") if by else v.lower() for v in given)


def author_names(names: Mapping[str, None] | Iterable[str]) -> set[str]:
    """Everything `by:` finds an author under: each name, and the first label of a handle."""
    lowered = {n.lower().removeprefix("@") for n in names if n}
    return lowered | {n.split(".", 1)[0] for n in lowered if "." in n and not n.startswith("did:")}
