"""Lint: everything that is wrong or doubtful in a document, in the order of its lines."""

from collections.abc import Iterator

from node.authoring import limits
from node.authoring.checks.accessibility import check_accessibility
from node.authoring.checks.blocks import check_block_settings, check_blocks, check_slots
from node.authoring.checks.fields import MODULE_FIELDS, PATH_FIELDS, TASK_FIELDS
from node.authoring.checks.front import check_front_matter
from node.authoring.checks.hidden import check_hidden
from node.authoring.checks.life import check_references, check_staleness, check_vendor
from node.authoring.checks.markers import check_markers
from node.authoring.checks.reading import check_reading
from node.authoring.checks.steps import check_steps
from node.authoring.checks.stops import check_stops
from node.authoring.checks.template import check_template
from node.authoring.document import Document, ModuleDocument, PathDocument, TaskDocument
from node.authoring.problems import Problem, in_order
from node.authoring.vocabulary import NOTHING_KNOWN, Vocabulary


def lint(document: Document, known: Vocabulary = NOTHING_KNOWN) -> list[Problem]:
    """Problems of reading and of meaning; at most 200, errors kept first."""
    if any(problem.code == "too-long" and problem.line == 1 for problem in document.problems):
        return list(document.problems)
    return in_order((*document.problems, *_shared(document, known), *_own(document, known)), limits.PROBLEMS)


def _shared(document: Document, known: Vocabulary) -> Iterator[Problem]:
    yield from check_blocks(document)
    yield from check_accessibility(document)
    yield from check_reading(document)
    yield from check_hidden(document)
    yield from check_references(document, known)
    yield from check_markers(document)
    yield from check_template(document)
    if not document.body.strip() and document.front.present:
        yield Problem(document.path, 1, 1, "no-body", "warning", "there is no text below the front matter")


def _own(document: Document, known: Vocabulary) -> Iterator[Problem]:
    """What counts for its kind alone."""
    if isinstance(document, ModuleDocument):
        yield from _module(document, known)
    elif isinstance(document, TaskDocument):
        yield from check_front_matter(document, TASK_FIELDS)
        yield from check_steps(document)
    elif isinstance(document, PathDocument):
        yield from check_front_matter(document, PATH_FIELDS)
        yield from check_stops(document)


def _module(document: ModuleDocument, known: Vocabulary) -> Iterator[Problem]:
    yield from check_front_matter(document, MODULE_FIELDS)
    yield from check_slots(document)
    yield from check_block_settings(document)
    yield from check_staleness(document, known)
    yield from check_vendor(document)
