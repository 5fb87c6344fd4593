"""Read the steps of a task: the first ordered list of its body (docs/reference/task-format.md)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from node.authoring.body.block_rule import CLOSE, OPEN
from node.authoring.body.markdown import block_tokens
from node.authoring.document import Span, Step
from node.authoring.lines import LineTable
from node.authoring.problems import Problem
from node.authoring.vocabulary import nearest

KEYS = ("by", "check", "pitfalls", "minutes", "byHand")
_MARKER = re.compile(r"( {0,3}\d{1,9}[.)])( {1,4}(?=\S)|[ \t]|\Z)")
_ENTRY = re.compile(
    r"(?:\*\*|__|\*|_)?([A-Za-z][A-Za-z -]{1,20}?)(?:\*\*|__|\*|_)?[ \t]*:(?:\*\*|__|\*|_)?(?:[ \t]+|\n|\Z)(.*)",
    re.DOTALL,
)
_BOLD = re.compile(r"\*\*(.+?)\*\*[ \t]*", re.DOTALL)
_BY_WORD = {key.lower(): key for key in KEYS} | {"by hand": "byHand", "by-hand": "byHand", "pitfall": "pitfalls"}


@dataclass(slots=True)
class _Item:
    """One item while it is read. `first` is its line in the file."""

    path: str
    first: int
    entries: dict[str, str] = field(default_factory=dict)
    taken: list[Span] = field(default_factory=list)  # lines of the item (from 0) that are front matter
    problems: list[Problem] = field(default_factory=list)


def read_steps(body: str, path: str, offset: int) -> tuple[tuple[Step, ...], str, list[Problem]]:
    """Steps, the body without them, and what is wrong with them. `offset` is the number of lines above the body."""
    lines = LineTable(body)
    whole, spans = _first_ordered_list(block_tokens(body, {}))
    if whole is None:
        return (), body.strip(), []
    steps, problems = [], []
    for first, end in spans:
        text = lines.between(first + 1, end).replace("\r\n", "\n").replace("\r", "\n")
        step, found = _step(_dedented(text), path, first + 1 + offset)
        steps.append(step)
        problems += found
    before = lines.between(1, whole[0]).strip()
    after = lines.between(whole[1] + 1, len(lines)).strip()
    return tuple(steps), "\n\n".join(part for part in (before, after) if part), problems


def _first_ordered_list(tokens: list[Token]) -> tuple[Span | None, list[Span]]:
    """Lines (from 0, end excluded) of the list and of its items."""
    whole, spans = None, []
    depth = 0  # of blocks around the token
    for token in tokens:
        depth += (token.type == OPEN) - (token.type == CLOSE)
        if depth > 0 and whole is None:
            continue
        if token.level == 0 and token.type == "ordered_list_open" and token.map:
            whole = (token.map[0], token.map[1])
        elif whole and token.level == 1 and token.type == "list_item_open" and token.map:
            spans.append((token.map[0], token.map[1]))
        elif whole and token.level == 0 and token.type == "ordered_list_close":
            break
    return whole, spans


def _dedented(text: str) -> str:
    """The inside of an item, as if it were a document of its own."""
    marker = _MARKER.match(text)
    width = marker.end() if marker else 3
    first, _, rest = text.partition("\n")
    inside = [first[width:]]
    for line in rest.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        inside.append(line[min(indent, width) :])
    return "\n".join(inside).rstrip()


def _step(text: str, path: str, line: int) -> tuple[Step, list[Problem]]:
    item = _Item(path, line)
    tokens = block_tokens(text, {})
    for span, content in _bullet_lists(tokens):
        _take_entries(item, span, content)
    title, rest = _title(text, tokens)
    kept = [row for number, row in enumerate(rest) if not any(a <= number < b for a, b in item.taken)]
    entries = item.entries
    minutes = entries.get("minutes", "")
    if minutes and not (minutes.isascii() and minutes.isdigit() and 1 <= int(minutes[:9]) <= 10_080):
        message = "“minutes” of a step must be a whole number"
        digits = re.search(r"\d+", minutes)
        item.problems.append(
            Problem(path, line, 1, "not-minutes", "error", message, minutes, (), digits[0] if digits else None)
        )
        minutes = ""
    step = Step(
        title=title,
        text=_tidy(kept),
        by=entries.get("by", ""),
        check=entries.get("check", ""),
        pitfalls=entries.get("pitfalls", ""),
        minutes=int(minutes) if minutes else None,
        by_hand=entries.get("byHand", ""),
        line=line,
    )
    return step, item.problems


def _bullet_lists(tokens: list[Token]) -> Iterator[tuple[list[Span], list[str]]]:
    """Each outermost bullet list of an item: spans and first paragraphs of its entries."""
    spans: list[Span] = []
    contents: list[str] = []
    inside = False
    for token in tokens:
        if token.level == 0 and token.type == "bullet_list_open":
            inside, spans, contents = True, [], []
        elif token.level == 0 and token.type == "bullet_list_close":
            inside = False
            yield spans, contents
        elif inside and token.level == 1 and token.type == "list_item_open" and token.map:
            spans.append((token.map[0], token.map[1]))
            contents.append("")
        elif inside and token.level == 3 and token.type == "inline" and contents and not contents[-1]:
            contents[-1] = token.content


def _take_entries(item: _Item, spans: list[Span], contents: list[str]) -> None:
    matches = [_ENTRY.match(content) for content in contents]
    keys = [_BY_WORD.get(match[1].strip().lower()) if match else None for match in matches]
    if not any(keys):
        return
    for span, match, key in zip(spans, matches, keys, strict=True):
        if match is None:
            continue
        if key is None:
            _report(item, span, match[1])
        elif key not in item.entries:
            item.entries[key] = " ".join(match[2].split())
            item.taken.append(span)


def _report(item: _Item, span: Span, word: str) -> None:
    likely = nearest(word, KEYS, 70)
    if likely:
        message = f"“{word}” is not something we know of a step"
        line = item.first + span[0]
        item.problems.append(Problem(item.path, line, 1, "unknown-key", "error", message, word, KEYS, likely))


def _title(text: str, tokens: list[Token]) -> tuple[str, list[str]]:
    """Title, and the lines of the item with it blanked out."""
    rows = text.split("\n")
    if not tokens or tokens[0].type != "paragraph_open" or not tokens[0].map:
        return "", rows
    end = tokens[0].map[1]
    paragraph = "\n".join(row.strip() for row in rows[:end])
    bold = _BOLD.match(paragraph)
    title, rest = (bold[1], paragraph[bold.end() :]) if bold else paragraph.partition("\n")[::2]
    left = rest.split("\n")
    return " ".join(title.split()), [*left, *[""] * (end - len(left)), *rows[end:]]


def _tidy(rows: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip()
