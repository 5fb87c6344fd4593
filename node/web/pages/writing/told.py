"""What an author hears at their desk: what of theirs was taken down or labelled, why, and how to object."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from node.services.assembly import Services
from node.services.moderating.reports import APPEAL
from node.services.policy import Viewer
from node.web.contexts.site import Notice
from node.web.pages.labels import words_of
from node.web.pages.links import query_of

TOLD = 5


def told_to_author(services: Services, viewer: Viewer) -> tuple[Notice, ...]:
    """The newest decisions about an author's account and works."""
    return tuple(islice(_decided(services, viewer), TOLD)) if viewer.did else ()


def _decided(services: Services, viewer: Viewer) -> Iterator[Notice]:
    for row in services.withholding.denied_of(viewer.did):
        yield _notice(row.subject, f"took down {_named(viewer, row.subject)}: {row.reason}")
    for label in services.moderation.labelling.given_to(viewer.did):
        yield _notice(label.uri, f"says of {_named(viewer, label.uri)}: {words_of(label.val)} ({label.val}).")


def _named(viewer: Viewer, subject: str) -> str:
    return "your account" if subject == viewer.did else subject.rpartition("/")[2]


def _notice(subject: str, said: str) -> Notice:
    object_to_it = "/report?" + query_of(about=subject, kind=APPEAL)
    return Notice(kind="attention", text=f"Whoever runs this node {said}", objection=object_to_it)
