"""What an engine answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape


@dataclass(frozen=True, slots=True)
class Parts:
    """The reasons for a position: `score = text · (1 + weight · curation) · freshness`.

    `text` is relative to the best hit by text (1.0). `tier` says how the words matched: "all" of them, or only "some".
    """

    text: float
    curation: float
    freshness: float
    weight: float
    score: float
    tier: str = "all"

    def sentence(self) -> str:
        """The same in words, for people."""
        matched = "all words match" if self.tier == "all" else "some words match"
        return (
            f"{matched} (text {self.text:.2f}), "
            f"curation {self.curation:.2f} counts ×{1 + self.weight * self.curation:.2f}, "
            f"freshness ×{self.freshness:.2f}: {self.score:.3f}"
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """One found document. The two `html` fields are safe to insert: escaped, with `<mark>` as the only element.

    `versions` counts the members of its fork family among the candidates, itself included.
    """

    id: str
    kind: str
    title: str
    title_html: str
    snippet_html: str
    parts: Parts
    versions: int = 1

    @property
    def snippet(self) -> str:
        """The snippet as plain text."""
        return unescape(self.snippet_html.replace("<mark>", "").replace("</mark>", ""))


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A facet's value and how many documents of the answer have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """An answer. `total` counts matching documents, forks each by itself.

    `did_you_mean` is a spelling that finds something the asker may see, else empty. `notes` say what of the question
    was left out of account.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    did_you_mean: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion of what is being typed: a document's title."""

    id: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Stats:
    """What an index holds. `buckets` maps a bucket to (documents, sum of fingerprints); see `drift`."""

    documents: int
    bytes: int
    buckets: Mapping[int, tuple[int, int]] = field(default_factory=dict)
