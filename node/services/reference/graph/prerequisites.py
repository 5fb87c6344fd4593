"""What must be known before what, and where that runs in a circle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from node.services.reference.graph.shelves import Book


@dataclass(frozen=True, slots=True)
class Circle:
    """Skills that each need the next, the last the first; and the modules that say so."""

    skills: tuple[str, ...]
    modules: tuple[str, ...]


def needs_of(books: Iterable[Book]) -> dict[str, dict[str, list[str]]]:
    """Skill (or module name) → what it needs → at-uris of the modules that say so."""
    needs: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for book in books:
        for skill in {*book.skills, book.name}:
            for needed in book.requires:
                if needed != skill:
                    needs[skill][needed].append(book.uri)
    return {skill: dict(needed) for skill, needed in needs.items()}


def circles_in(books: Iterable[Book]) -> list[Circle]:
    """Every group of skills that need one another, shown as one circle through it."""
    needs = needs_of(books)
    circles = []
    for group in _knots(needs):
        way = _circle(needs, group)
        pairs = zip(way, (*way[1:], way[0]), strict=True)
        circles.append(Circle(way, tuple(dict.fromkeys(uri for a, b in pairs for uri in needs[a][b]))))
    return circles


def _circle(needs: Mapping[str, Mapping[str, object]], group: frozenset[str]) -> tuple[str, ...]:
    """The shortest way from the group's first skill back to itself."""
    start = min(group)
    before: dict[str, str] = {}
    border = [start]
    while border:
        ahead = []
        for skill in border:
            for needed in sorted(set(needs.get(skill, ())) & group):
                if needed == start:
                    return tuple(reversed([skill, *_back(before, skill)]))
                if needed not in before:
                    before[needed] = skill
                    ahead.append(needed)
        border = ahead
    raise AssertionError("a knot has a circle")


def _back(before: Mapping[str, str], skill: str) -> Iterator[str]:
    while skill in before:
        skill = before[skill]
        yield skill


def _knots(needs: Mapping[str, Mapping[str, object]]) -> list[frozenset[str]]:
    """Strongly connected groups of two and more (Tarjan 1972), without recursion."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    found: list[frozenset[str]] = []
    for root in sorted(needs):
        if root in order:
            continue
        walk = [(root, iter(sorted(needs.get(root, ()))))]
        order[root] = low[root] = len(order)
        path.append(root)
        on_path.add(root)
        while walk:
            skill, rest = walk[-1]
            step = next(rest, None)
            if step is None:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[skill])
                if low[skill] == order[skill]:
                    found += _close(path, on_path, skill)
            elif step not in order:
                order[step] = low[step] = len(order)
                path.append(step)
                on_path.add(step)
                walk.append((step, iter(sorted(needs.get(step, ())))))
            elif step in on_path:
                low[skill] = min(low[skill], order[step])
    return found


def _close(path: list[str], on_path: set[str], skill: str) -> list[frozenset[str]]:
    """Take a finished group off the path."""
    group = path[path.index(skill) :]
    del path[path.index(skill) :]
    on_path.difference_update(group)
    return [frozenset(group)] if len(group) > 1 else []
