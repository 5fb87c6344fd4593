"""Decides what publishing would do: what is new, what changed, what stays, and what stands in the way."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from federation.codec import blob_cid
from node.authoring import limits
from node.authoring.difference import difference_of_values
from node.authoring.pictures.picture import PictureTooLarge, bare, check_size
from node.authoring.problems import Problem
from node.authoring.value import body_of, to_value
from node.cli.publishing.collect import Collected, Source, attachments_of
from node.cli.publishing.inside import Inside
from node.cli.publishing.origins import check_origin
from node.cli.publishing.references import HEADS, Reference, references_of
from node.cli.publishing.repository import Record, Repository
from node.errors import NodeError
from schemas.authority import MODULE_VERSION, TASK_VERSION

Action = Literal["create", "update", "unchanged", "internal"]
VERSIONS = {"module": MODULE_VERSION, "task": TASK_VERSION}
BODY = ""  # the path under which a long body's blob goes
# What publishing adds; two states that differ in nothing else are the same state.
_ADDED = frozenset({"previous", "changeNote", "createdAt", "major", "accepts", "contributors"})


class NotPublishable(NodeError):
    """Some of it is not ready to be published."""

    hint = "Nothing was published. Mend what is listed, then run the command again."

    def __init__(self, problems: Sequence[Problem]) -> None:
        number = f"{len(problems)} problems keep" if len(problems) > 1 else "One problem keeps"
        super().__init__(f"{number} it from being published, the first in {problems[0]}")
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that travels with a document: a picture, an attachment or (path empty) a long body."""

    path: str
    content: bytes
    mime: str

    @property
    def blob(self) -> dict[str, Any]:
        """The reference that a host will give it, its media type aside."""
        cid = blob_cid(hashlib.sha256(self.content).digest())
        return {"$type": "blob", "ref": {"$link": cid}, "mimeType": self.mime, "size": len(self.content)}


@dataclass(frozen=True, slots=True)
class Planned:
    """What will happen to one document. `previous` is its current version on the host."""

    source: Source
    action: Action
    uri: str
    value: dict[str, Any]
    addresses: Mapping[str, str]
    files: tuple[Attached, ...] = ()
    head: Record | None = None
    previous: Record | None = None
    stated: Mapping[str, Any] = field(default_factory=dict)  # fields of the version that the text does not carry
    inside: bool = False  # stays on the node, for its members

    @property
    def difference(self) -> str:
        """Unified difference to what is published now."""
        return difference_of_values(self.previous.value if self.previous else {}, self.value)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that publishing would do, tasks before the modules that name them."""

    did: str
    entries: tuple[Planned, ...]

    @property
    def changes(self) -> tuple[Planned, ...]:
        """What would be written."""
        return tuple(entry for entry in self.entries if entry.action in ("create", "update"))


def make_plan(
    collected: Collected,
    repository: Repository,
    *,
    only: Sequence[Path] | None = None,
    authors: Mapping[Path, str] | None = None,
    inside: Repository | None = None,
    skills: Mapping[str, str] | None = None,
) -> Plan:
    """Compare what was collected with what is published. Raises NotPublishable.

    `skills`: ids of skills that authors name in their own words. `inside`: where `visibility: organisation` goes;
    without it such documents stay where they are. `only`: publish just these files of the folder (paths);
    `authors`: DIDs of those who publish the others, by resolved path, so that references to them are right.
    """
    chosen = [source for source in collected.sources if only is None or source.path in only]
    heads = _heads(repository)
    kept = _heads(inside) if inside and any(map(is_inside, chosen)) else {name: {} for name in HEADS.values()}
    problems = [problem for source in chosen for problem in source.errors]
    problems += _repeated_names(chosen)
    entries = []
    for source in sorted(chosen, key=lambda one: (one.kind != "task", one.name, str(one.path))):
        references, missing = references_of(source, collected, repository.did, authors or {})
        problems += missing
        within = is_inside(source)
        seen = {name: {**heads[name], **(kept[name] if within else {})} for name in heads}
        problems += [_unpublished(one) for one in references if not _is_published(one, chosen, seen, repository.did)]
        problems += [_too_open(one) for one in references if not within and is_inside(one.target)]
        origin, objections = check_origin(source, repository.client)
        problems += objections
        if not source.errors:
            stated = {"derivedFrom": origin} if origin else {}
            place = inside if within and inside else repository
            known = (references, stated, skills or {})
            entries.append(_plan_one(source, collected, place, kept if within else heads, known))
    if problems:
        raise NotPublishable(problems)
    return Plan(repository.did, tuple(entries))


def _plan_one(
    source: Source,
    collected: Collected,
    repository: Repository,
    heads: Mapping[str, Mapping[str, Record]],
    known: tuple[Sequence[Reference], Mapping[str, Any], Mapping[str, str]],
) -> Planned:
    references, stated, skills = known
    collection = HEADS[source.kind]
    uri = f"at://{repository.did}/{collection}/{source.name}"
    addresses = {**skills, **{one.written: one.address for one in references}}
    files = tuple(_files_of(source, collected))
    value = complete(value_of(source, addresses, {file.path: file.blob for file in files}), stated)
    within = is_inside(source)
    if within and not isinstance(repository, Inside):
        return Planned(source, "internal", uri, value, addresses)
    head = heads[collection].get(source.name)
    previous = _current(repository, head) if head else None
    if previous is not None and comparable(previous.value) == comparable(value):
        return Planned(source, "unchanged", uri, value, addresses, files, head, previous, inside=within)
    if previous is not None and "contributors" in previous.value:
        stated = {"contributors": previous.value["contributors"], **stated}  # thanks are not taken back by an edit
    action: Action = "update" if head else "create"
    return Planned(source, action, uri, value, addresses, files, head, previous, stated, within)


def is_inside(source: Source) -> bool:
    """Does the author keep it inside the organisation?"""
    return source.document.front.text("visibility") == "organisation"


def _heads(repository: Repository) -> dict[str, dict[str, Record]]:
    return {collection: {one.key: one for one in repository.records(collection)} for collection in HEADS.values()}


def value_of(source: Source, addresses: Mapping[str, str], blobs: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The version record in JSON form, with the blobs given by path."""
    named = attachments_of(source.document)
    value = to_value(
        source.document,
        pictures={link.target: blobs[link.target] for link in source.document.pictures if link.target in blobs},
        attachments={path: blobs[path] for path in named if path in blobs},
        body_blob=blobs.get(BODY),
        addresses=addresses,
    )
    clean: dict[str, Any] = _without_fractions(value)
    return clean


def complete(value: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """A version with what its text does not carry. What was looked up does not travel a second time as `metadata`."""
    metadata = {key: entry for key, entry in value.get("metadata", {}).items() if key not in stated}
    rest = {key: entry for key, entry in value.items() if key != "metadata"}
    return rest | ({"metadata": metadata} if metadata else {}) | dict(stated)


def comparable(value: Any) -> Any:
    """A version without what publishing adds, and blobs by content alone: hosts name media types differently."""
    if isinstance(value, dict):
        if value.get("$type") == "blob":
            return str(value.get("ref", {}).get("$link"))
        return {key: comparable(entry) for key, entry in value.items() if key not in _ADDED}
    return [comparable(entry) for entry in value] if isinstance(value, list) else value


def _current(repository: Repository, head: Record) -> Record | None:
    _, _, path = str(head.value.get("current", {}).get("uri", "")).removeprefix("at://").partition("/")
    collection, _, key = path.partition("/")
    return repository.find(collection, key) if key else None


def _files_of(source: Source, collected: Collected) -> list[Attached]:
    named = [link.target for link in source.document.pictures] + attachments_of(source.document)
    files = []
    for target in dict.fromkeys(named):
        path = (source.path.parent / target).resolve()
        if path.is_file() and path.is_relative_to(collected.root.resolve()):
            files.append(_attached(target, path))
    body = body_of(source.document).encode()
    if len(body) > limits.INLINE_BODY_BYTES:
        files.append(Attached(BODY, body, "text/markdown"))
    return files


def _attached(target: str, path: Path) -> Attached:
    """Of a picture nothing leaves this machine but the picture. Raises PictureTooLarge."""
    content = path.read_bytes()
    try:
        check_size(content)
    except PictureTooLarge as error:
        raise PictureTooLarge(f"{path}: {error.message}") from error
    return Attached(target, bare(content), mimetypes.guess_type(path.name)[0] or "application/octet-stream")


def _without_fractions(value: Any) -> Any:
    """Front matter that we do not know may hold numbers with a fraction, which no record can: they travel as text."""
    if isinstance(value, dict):
        return {str(key): _without_fractions(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_without_fractions(entry) for entry in value]
    return str(value) if isinstance(value, float) else value


def _repeated_names(sources: Sequence[Source]) -> list[Problem]:
    seen: dict[tuple[str, str], Source] = {}
    problems = []
    for source in sources:
        first = seen.setdefault((source.kind, source.name), source)
        if first is not source and source.name:
            message = f"the name is taken by {first.path} already"
            place = source.document.front.value_place("name")
            problems.append(Problem(str(source.path), *place, "repeated-name", "error", message, source.name))
    return problems


def _is_published(
    reference: Reference, chosen: Sequence[Source], heads: Mapping[str, Mapping[str, Record]], did: str
) -> bool:
    target = reference.target
    if reference.by != did or any(one.path.resolve() == target.path.resolve() for one in chosen):
        return True
    return target.name in heads[HEADS[target.kind]]


def _too_open(reference: Reference) -> Problem:
    message = f"{reference.target.path} is kept inside; what is public must not name it"
    line, column = _place_of(reference)
    return Problem(str(reference.source.path), line, column, "names-internal", "error", message, reference.written)


def _unpublished(reference: Reference) -> Problem:
    message = f"{reference.target.path} is not published; publish the folder, or that file first"
    path = str(reference.source.path)
    return Problem(path, *_place_of(reference), "unpublished-reference", "error", message, reference.written)


def _place_of(reference: Reference) -> tuple[int, int]:
    front = reference.source.document.front
    return next(
        (front.value_place("tasks", number) for number, entry in enumerate(front.data.get("tasks") or [])
         if entry == reference.written),
        (1, 1),
    )  # fmt: skip
