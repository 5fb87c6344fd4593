"""Documents as record values and back (lexicons org.skillnet.moduleVersion and org.skillnet.taskVersion).

A value holds only plain data. What publishing adds – `previous`, `changeNote`, `createdAt` – is the caller's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from node.authoring import limits
from node.authoring.checks.fields import MODULE_FIELDS, TASK_FIELDS, Field
from node.authoring.document import Document, ModuleDocument, PathDocument, Step, TaskDocument
from node.authoring.front_matter.dump import dump_front_matter
from node.authoring.parse import parse_module, parse_task
from node.authoring.paths import path_source
from node.authoring.steps.write import write_steps
from schemas.authority import MODULE_VERSION, PATH_VERSION, TASK_VERSION

# What is assumed of a file that does not say; lint warns of each. Agent Skills need only name and description.
ASSUMED: Mapping[str, str] = {"language": "en", "license": "LicenseRef-unstated", "layer": "capability"}
_ELSEWHERE = frozenset({"metadata", "attachments", "derivedFrom", "visibility"})  # not copied field by field


class BodyTooLong(Exception):
    """The body is longer than a record holds; upload it as a blob first."""

    hint = "pass body_blob to to_value"


def to_value(
    document: ModuleDocument | TaskDocument,
    *,
    pictures: Mapping[str, Mapping[str, Any]] | None = None,
    attachments: Mapping[str, Mapping[str, Any]] | None = None,
    body_blob: Mapping[str, Any] | None = None,
    addresses: Mapping[str, str] | None = None,
    assumed: Mapping[str, str] = ASSUMED,
) -> dict[str, Any]:
    """Value of a version record, with `$type`. `pictures` and `attachments` map paths to uploaded blobs.

    `addresses` maps what stands in the file (`./tasks/close-the-books.md`) to where it was published (at://…).

    Only documents without errors of lint give valid values. Raises BodyTooLong for a body over 64 kB without blob.
    """
    task = isinstance(document, TaskDocument)
    fields = TASK_FIELDS if task else MODULE_FIELDS
    value: dict[str, Any] = {"$type": TASK_VERSION if task else MODULE_VERSION}
    defaults = {"title": document.title, **assumed}
    for name, field in fields.items():
        given = _plain(document.front.data.get(name), field) if name not in _ELSEWHERE else None
        chosen = given if given not in (None, "", [], {}) else defaults.get(name)
        if chosen not in (None, "", [], {}):
            value[name] = _at_addresses(chosen, addresses) if addresses and field.shape in ("words", "uri") else chosen
    if document.front.data.get("visibility") == "organisation":
        value["visibility"] = "organisation"  # such a value stays on its node; a repository refuses it
    metadata = _metadata(document, fields)
    if (origin := origin_of(document)) is not None:
        value["derivedFrom"] = origin
    elif document.front.data.get("derivedFrom"):
        metadata["derivedFrom"] = document.front.data["derivedFrom"]  # not an exact version: kept as written
    if not str(value.get("translationOf", "at://")).startswith("at://"):
        metadata["translationOf"] = value.pop("translationOf")  # a path: not published yet, kept as written
    if metadata:
        value["metadata"] = metadata
    if isinstance(document, TaskDocument):
        value |= {"steps": [_step_value(step) for step in document.steps]} if document.steps else {}
    value |= _body(document, body_blob) | _files(document, pictures or {}, attachments or {})
    return value


def origin_of(document: Document) -> dict[str, str] | None:
    """The exact version that the front matter says this was made from: a strong reference, `{uri, cid}`."""
    stated = document.front.data.get("derivedFrom")
    if not isinstance(stated, Mapping):
        return None
    uri, cid = str(stated.get("uri", "")), str(stated.get("cid", ""))
    return {"uri": uri, "cid": cid} if uri.startswith("at://") and cid else None


def body_of(document: Document) -> str:
    """The text that travels: a module's body; a task's without its steps, a path's without its stops."""
    text = document.body
    if isinstance(document, TaskDocument):
        text = document.notes
    elif isinstance(document, PathDocument):
        text = document.purpose
    return text.encode("utf-8", "replace").decode("utf-8")


def document_of(value: Mapping[str, Any], body: str | None = None, path: str = "") -> ModuleDocument | TaskDocument:
    """The document of a record's value; `body` is the text of its `bodyBlob`, when it has one."""
    task = value.get("$type") == TASK_VERSION
    text = source_of(value, body)
    name = path or f"{value.get('name', 'document')}.md"
    return parse_task(text, name) if task else parse_module(text, name)


def source_of(value: Mapping[str, Any], body: str | None = None) -> str:
    """Markdown of a record's value, as an author would keep it in a folder."""
    if value.get("$type") == PATH_VERSION:
        return path_source(value)
    task = value.get("$type") == TASK_VERSION
    fields = TASK_FIELDS if task else MODULE_FIELDS
    front = {name: value[name] for name in fields if name in value and name not in _ELSEWHERE}
    if value.get("attachments"):
        front["attachments"] = [str(entry.get("path", "")) for entry in value["attachments"]]
    derived = value.get("derivedFrom")
    if isinstance(derived, Mapping) and derived.get("uri"):
        front["derivedFrom"] = {key: str(derived[key]) for key in ("uri", "cid") if derived.get(key)}
    if value.get("visibility"):
        front["visibility"] = str(value["visibility"])
    metadata = value.get("metadata")
    front |= {key: entry for key, entry in (metadata or {}).items() if key not in front}
    text = str(value.get("body", "")) if body is None else body
    if task:
        text = _with_steps(text, [_step_of(entry) for entry in value.get("steps", ())])
    return f"---\n{dump_front_matter(front)}---\n{text}"


def _plain(value: Any, field: Field) -> Any:
    """A front matter value in the shape of the lexicon: lists of text, tools as objects, numbers only for minutes."""
    if value is None:
        return None
    if field.shape == "words":
        entries = value if isinstance(value, list) else [value]
        return [str(entry) for entry in entries if isinstance(entry, str | int)]
    if field.shape == "objects":
        return [_tool(entry) for entry in value if entry] if isinstance(value, list) else []
    if field.shape == "minutes":
        return value if isinstance(value, int) and not isinstance(value, bool) else None
    if field.shape == "mapping":
        return value if isinstance(value, dict) else None
    return str(value) if isinstance(value, str | int) else None


def _at_addresses(value: Any, addresses: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [addresses.get(entry, entry) for entry in value]
    return addresses.get(value, value)


def _tool(entry: Any) -> dict[str, str]:
    if not isinstance(entry, dict):
        return {"name": str(entry)}
    return {key: str(entry[key]) for key in ("name", "vendor", "version") if entry.get(key) not in (None, "")}


def _metadata(document: Document, fields: Mapping[str, Field]) -> dict[str, Any]:
    """Keys that the lexicon does not know; `metadata` itself (Agent Skills) keeps its name."""
    return {key: value for key, value in document.front.data.items() if key not in fields or key == "metadata"}


def _body(document: Document, blob: Mapping[str, Any] | None) -> dict[str, Any]:
    text = body_of(document)
    if blob is not None:
        return {"bodyBlob": dict(blob)}
    if len(text.encode()) > limits.INLINE_BODY_BYTES:
        raise BodyTooLong(BodyTooLong.__doc__)
    return {"body": text} if text else {}


def _files(
    document: Document, pictures: Mapping[str, Mapping[str, Any]], attachments: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    shown = []
    for link in document.pictures:
        if link.target in pictures:
            entry: dict[str, Any] = {"path": link.target, "blob": dict(pictures[link.target])}
            shown.append(entry | ({"alt": link.text} if link.text else {}))
    carried = [{"path": path, "blob": dict(blob)} for path, blob in attachments.items()]
    return {key: entries for key, entries in (("pictures", shown), ("attachments", carried)) if entries}


def _step_value(step: Step) -> dict[str, Any]:
    value: dict[str, Any] = {
        "title": step.title,
        "text": step.text,
        "by": step.by,
        "check": step.check,
        "pitfalls": step.pitfalls,
        "minutes": step.minutes,
        "byHand": step.by_hand,
    }
    return {key: entry for key, entry in value.items() if entry not in (None, "")}


def _step_of(value: Mapping[str, Any]) -> Step:
    return Step(
        title=str(value.get("title", "")),
        text=str(value.get("text", "")),
        by=str(value.get("by", "")),
        check=str(value.get("check", "")),
        pitfalls=str(value.get("pitfalls", "")),
        minutes=value.get("minutes"),
        by_hand=str(value.get("byHand", "")),
    )


def _with_steps(text: str, steps: Sequence[Step]) -> str:
    """Notes first, as people write; last where they hold an ordered list, which would be taken for the steps."""
    from node.authoring.steps.read import read_steps

    written = write_steps(steps)
    if not written or not text:
        return written or text
    return f"{written}\n{text}\n" if read_steps(text, "", 0)[0] else f"{text}\n\n{written}"
