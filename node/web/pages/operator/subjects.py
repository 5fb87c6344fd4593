"""What reports, labels and decisions are about, by name and with its page; all of a page in a few queries."""

from __future__ import annotations

from collections.abc import Iterable

from node.services.moderating.subjects import parse_subject
from node.store.content import catalogue
from node.store.content.catalogue import Audiences
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow
from node.web.contexts.cards import Link
from node.web.pages.links import href_of_item, href_of_person
from node.web.pages.names import Names


class Subjects:
    """Of `named`, what these readers may know. Raises Malformed for what is none."""

    def __init__(self, session: Session, named: Iterable[str], audiences: Audiences) -> None:
        self._subjects = {text: parse_subject(text) for text in named}
        parsed = self._subjects.values()
        self._names = Names(session, {one.did for one in parsed if one.kind == "account"})
        self._items = catalogue.find_items(session, {one.text for one in parsed if one.kind == "record"}, audiences)

    def find_item(self, about: str) -> ItemRow | None:
        """The module, task or path that it is, if this node has it."""
        return self._items.get(self._subjects[about].text)

    def link(self, about: str) -> Link:
        """By name and with its page where this node knows it."""
        subject, item = self._subjects[about], self.find_item(about)
        if subject.kind == "account":
            return Link(text=self._names.name(subject.did), href=href_of_person(subject.did))
        return Link(text=item.title, href=href_of_item(item.uri)) if item else Link(text=subject.text, href=None)
