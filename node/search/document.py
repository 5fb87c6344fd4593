"""What is indexed: one form for modules, tasks, occupations, skills, paths, people and organisations."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

KINDS = ("module", "task", "occupation", "skill", "path", "person", "organisation")

OWN_FACETS = ("kind", "language")
"""Facets that are fields of the document itself."""

GIVEN_FACETS = (
    "layer",
    "level",
    "occupation",
    "task",
    "skill",
    "tool",
    "author",
    "organisation",
    "license",
    "freshness",
)
"""Facets that the node gives in `facets`; a document may have several values of each."""

FACETS = OWN_FACETS + GIVEN_FACETS


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One thing that can be found.

    `facets` holds values of GIVEN_FACETS, as they are to be shown. `by` holds the names under which the author may be
    asked for (`by:@ana`): DID, handle; the first label of a handle counts by itself. `fork_of` is the id of the
    family's oldest ancestor, empty for an original. `updated` is in seconds since 1970. `version` changes whenever the
    document does (a CID, say); without it the content itself is compared when drift is looked for.
    """

    id: str
    kind: str
    title: str
    summary: str = ""
    body: str = ""
    language: str = ""
    aliases: Sequence[str] = ()
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    by: Sequence[str] = ()
    audience: str = "public"
    fork_of: str = ""
    minutes: int = 0
    updated: int = 0
    version: str = ""

    @property
    def family(self) -> str:
        """The id that all versions of this by different authors share."""
        return self.fork_of or self.id

    def facet_values(self, name: str) -> tuple[str, ...]:
        """Values of one of FACETS, empty ones left out."""
        if name in OWN_FACETS:
            value = self.kind if name == "kind" else self.language
            return (value,) if value else ()
        given = self.facets.get(name, ())
        return tuple(v for v in ((given,) if isinstance(given, str) else given) if v)


BUCKETS = 64
"""Documents are dealt to this many buckets by id, so that drift is mended where it is, not everywhere."""

_PRINT_BITS = 24
"""Sums of this many bits over a bucket stay exact in a double up to 500 million documents."""


def key_of(document_id: str) -> int:
    """62 bits that stand for an id where only numbers are kept."""
    return int.from_bytes(hashlib.blake2b(document_id.encode(), digest_size=8).digest()) >> 2


def bucket_of(document_id: str) -> int:
    """The bucket, 0 … BUCKETS-1, in which an id is counted."""
    return key_of(document_id) % BUCKETS


def fingerprint(document: SearchDocument) -> int:
    """24 bits that change when the document does."""
    content = document.version or _content(document)
    digest = hashlib.blake2b(f"{document.id}\0{document.audience}\0{content}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> (64 - _PRINT_BITS)


def _content(document: SearchDocument) -> str:
    """Everything that is indexed, in a line: tens of thousands are made at every start."""
    d = document
    facets = (f"{name}={value}" for name in GIVEN_FACETS if name in d.facets for value in d.facet_values(name))
    plain = (d.kind, d.language, d.title, d.summary, d.body, d.fork_of, str(d.minutes), str(d.updated))
    return "\1".join(("\0".join(plain), "\0".join(d.aliases), "\0".join(d.by), "\0".join(facets)))
