"""The rows of `bench authoring`."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterator

from node.authoring.lint import lint
from node.authoring.parse import parse_module
from node.authoring.render import render
from node.cli.bench.authoring.publishing import publish_many
from node.cli.bench.authoring.samples import samples
from node.cli.bench.figures import Row, row
from node.cli.terminal.progress import Progress

BYTES = 10_000
CHECKED, SHOWN, PARSED, NOISE, PUBLISHED = 3.0, 10.0, 2.0, 0.15, 20.0
_MARKS = re.compile(r"^:::.*$|\]\(slot:\w+\)", re.MULTILINE)


def measure(documents: int, rounds: int, progress: Progress) -> Iterator[Row]:
    """All rows, as they are found. Milliseconds are of processor time, medians over all modules and rounds."""
    texts = [_ten_kilobytes(text) for text in samples()]
    progress("reading and showing", 0.05)
    yield from _speeds(texts, rounds)
    yield _noise()
    if documents:
        yield _publishing(documents, progress)


def _ten_kilobytes(text: str) -> str:
    """The same front matter, the body repeated as often as it takes and cut between two of its paragraphs."""
    head, mark, body = text.partition("\n---\n")
    body *= BYTES // len(body.encode()) + 1
    room = BYTES - len(f"{head}{mark}".encode())
    cut = body.encode()[:room].decode("utf-8", "ignore")
    return f"{head}{mark}{cut[: cut.rfind(chr(10) + chr(10)) + 1]}"


def _speeds(texts: list[str], rounds: int) -> Iterator[Row]:
    from markdown_it import MarkdownIt

    plain = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    documents = [parse_module(text) for text in texts]
    acts: dict[str, Callable[[int], object]] = {
        "parse": lambda at: parse_module(texts[at]),
        "plain": lambda at: plain.parse(texts[at]),
        "check": lambda at: lint(parse_module(texts[at])),
        "show": lambda at: render(documents[at]),
    }
    took: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(rounds + 1):  # the first round warms
        for at in range(len(texts)):
            for name, act in acts.items():
                began = time.process_time()
                act(at)
                took[name].append((time.process_time() - began) * 1000)
    median = {name: statistics.median(found[len(texts) :]) for name, found in took.items()}
    yield row("parse and lint of a 10 kB module", "ms", round(median["check"], 3), CHECKED)
    yield row("render a 10 kB module", "ms", round(median["show"], 3), SHOWN)
    ratio = median["parse"] / median["plain"]
    yield row(
        "parse beside the plain Markdown parser", "ms", round(median["parse"], 2), rival=round(median["plain"], 2),
        rival_name="markdown-it-py", ratio=round(ratio, 2), goal=f"≤ {PARSED:g}×", ok=ratio <= PARSED,
    )  # fmt: skip


def _noise() -> Row:
    """What a viewer that knows nothing of blocks and slots shows besides the text, in the worst module."""
    shares = []
    for text in samples():
        body = parse_module(text).body
        shares.append(sum(map(len, _MARKS.findall(body))) / len(re.sub(r"\s+", "", body)))
    return row("fences and slots among the visible characters, worst module", "share", round(max(shares), 3), NOISE)


def _publishing(documents: int, progress: Progress) -> Row:
    took = round(publish_many(documents, progress), 3)
    return row(f"publish {documents:,} modules", "s", took, PUBLISHED * documents / 1000)
