"""Whether a module will stay true and useful: staleness, lock-in to one product, what it refers to."""

from collections.abc import Iterator

from node.authoring.checks.front import is_date
from node.authoring.document import Document, ModuleDocument
from node.authoring.limits import FILES_CARRIED
from node.authoring.problems import Problem
from node.authoring.vocabulary import Vocabulary, nearest


def check_staleness(document: ModuleDocument, known: Vocabulary) -> Iterator[Problem]:
    """Modules about tools need a date of review and versions; a date of review that has passed is told."""
    front, path = document.front, document.path
    if front.text("layer") == "tool" and "reviewBy" not in front.data:
        message = "a module about a tool goes stale: say by when it must be looked at again, with “reviewBy”"
        yield Problem(path, *front.value_place("layer"), "no-review-date", "warning", message)
    review = front.text("reviewBy")
    if known.today and is_date(review) and review < known.today:
        message = f"was to be reviewed by {review}"
        yield Problem(path, *front.value_place("reviewBy"), "review-overdue", "warning", message, review)
    for index, tool in enumerate(_tools(document)):
        if isinstance(tool, dict) and not tool.get("version") and front.text("layer") == "tool":
            message = "which version of this tool? Without one nobody can tell when the module is outdated"
            yield Problem(path, *front.value_place("tools", index), "tool-without-version", "warning", message)


def check_vendor(document: ModuleDocument) -> Iterator[Problem]:
    """A capability outlives products: one that names a single vendor's only is probably about a tool."""
    tools = _tools(document)
    vendors = {str(tool.get("vendor") or tool.get("name")) for tool in tools if isinstance(tool, dict)}
    vendors |= {tool for tool in tools if isinstance(tool, str)}
    if document.front.text("layer") == "capability" and len(vendors) == 1:
        vendor = next(iter(vendors))
        message = f"a capability that names only products of {vendor}: show how it is done without them too"
        yield Problem(document.path, *document.front.key_place("tools"), "one-vendor", "warning", message, vendor)


def check_references(document: Document, known: Vocabulary) -> Iterator[Problem]:
    """Ids, modules and files that the caller says do not exist."""
    for key, ids in (("tasks", known.tasks), ("occupations", known.occupations), ("requires", known.modules)):
        for index, entry in enumerate(_list(document, key)):
            if ids and isinstance(entry, str) and entry not in ids and not entry.startswith(("at://", ".", "/")):
                likely = nearest(entry, ids, 70)
                message = f"“{entry}” is not known here"
                place = document.front.value_place(key, index)
                yield Problem(document.path, *place, "unknown-reference", "warning", message, entry, (), likely)
    yield from _too_many_files(document)
    if known.files is not None:
        yield from _missing_files(document, known.files)


def _too_many_files(document: Document) -> Iterator[Problem]:
    """A version carries so many and no more; a larger set belongs into an archive, or into two modules."""
    attached = len(_list(document, "attachments"))
    if attached > FILES_CARRIED:
        place = document.front.value_place("attachments", FILES_CARRIED)
        message = f"{attached} attachments; at most {FILES_CARRIED} travel with a module: pack them into one archive"
        yield Problem(document.path, *place, "too-many-files", "error", message)
    shown = {picture.target: picture for picture in document.pictures}
    if len(shown) > FILES_CARRIED:
        extra = list(shown.values())[FILES_CARRIED]
        message = f"{len(shown)} pictures; at most {FILES_CARRIED} travel with a module: make two of it"
        yield Problem(document.path, extra.line, extra.column, "too-many-files", "error", message)


def _missing_files(document: Document, files: frozenset[str]) -> Iterator[Problem]:
    for picture in document.pictures:
        target = picture.target.removeprefix("./")
        if target not in files:
            message = "this picture is not beside the document"
            place = (picture.line, picture.column)
            near = nearest(target, files, 70)
            yield Problem(document.path, *place, "missing-file", "error", message, picture.target, (), near)
    for index, entry in enumerate(_list(document, "attachments")):
        if isinstance(entry, str) and entry.removeprefix("./") not in files:
            place = document.front.value_place("attachments", index)
            near = nearest(entry, files, 70)
            message = "this attachment is not beside the document"
            yield Problem(document.path, *place, "missing-file", "error", message, entry, (), near)


def _tools(document: Document) -> list[object]:
    return [tool for tool in _list(document, "tools") if isinstance(tool, str | dict)]


def _list(document: Document, key: str) -> list[object]:
    value = document.front.data.get(key)
    return value if isinstance(value, list) else []
