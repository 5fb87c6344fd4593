"""What every page may use: the node, the reader, notices."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """The person who is signed in."""

    name: Annotated[str, "Name shown in the corner of every page"]
    is_worker: Annotated[bool, "Has a feed of lessons of their own"]
    is_practitioner: Annotated[bool, "Publishes and endorses under an identity of their own"]
    is_operator: Annotated[bool, "Runs this node"]
    page: Annotated[str | None, "Address of their public page, None without an identity"]
    may_write: Annotated[bool, "May publish; without an identity the way there leads to making one"] = False
    may_curate: Annotated[bool, "Keeps the catalogue fresh"] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The node and the request: the same for every template, under the name `site`."""

    organisation: Annotated[str, "Name of the organisation whose node this is"]
    url: Annotated[str, "Public address of this node, without a slash at the end"]
    language: Annotated[str, "Language of the interface, BCP 47"]
    here: Annotated[str, "Path of this page; marks the place in the navigation"]
    csrf: Annotated[str, "Token that every form must send back as `_csrf_token`"]
    viewer: Annotated[Viewer | None, "Who is signed in, None for an anonymous reader"]
    version: Annotated[str, "Version of the node's software"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A line at the top of a page: what just happened."""

    kind: Annotated[Literal["done", "attention", "problem"], "How it is marked, in shape and words"]
    text: Annotated[str, "One sentence"]
    undo: Annotated[str | None, "Address that takes a POST and undoes it, None where there is nothing to undo"] = None
    objection: Annotated[
        str | None, "Address where its reader may object, None where there is nothing to object to"
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What all pages share."""

    template: ClassVar[str]
    site: Annotated[Site, "The node and the request; templates reach it as `site`"]
    notices: Annotated[tuple[Notice, ...], "What just happened, newest first"] = ()
