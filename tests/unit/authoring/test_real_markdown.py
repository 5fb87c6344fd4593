"""Files that other people wrote, as they wrote them."""

import os
import tarfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from node.authoring.lint import lint
from node.authoring.parse import parse_module
from node.authoring.render import render
from node.authoring.write import write_bytes

SHARED = Path(os.environ.get("SKILLNET_SHARED_DATA") or Path(__file__).parents[4] / "shared" / "data")
ARCHIVES = ("markdown.tar.xz", "markdown_tldr_scale.tar.xz")


def files(archive: str) -> Iterator[tuple[str, bytes]]:
    if not (SHARED / archive).exists():
        pytest.skip(f"{archive} is not in {SHARED} (set SKILLNET_SHARED_DATA)")
    with tarfile.open(SHARED / archive) as opened:
        for member in opened:
            if member.isfile() and member.name.endswith((".md", ".mdx")):
                content = opened.extractfile(member)
                assert content is not None
                yield member.name, content.read()


def test_a_sample_comes_back_byte_for_byte() -> None:
    for name, source in islice(files(ARCHIVES[0]), 250):
        document = parse_module(source, name)
        lint(document)
        assert write_bytes(document) == source, name


@pytest.mark.real
@pytest.mark.parametrize("archive", ARCHIVES)
def test_every_file_is_read_checked_shown_and_comes_back(archive: str) -> None:
    count, broken = 0, []
    for name, source in files(archive):
        document = parse_module(source, name)
        broken += [str(problem) for problem in lint(document) if problem.code.startswith(("yaml-", "front-matter"))]
        render(document)
        assert write_bytes(document) == source, name
        count += 1
    assert count > 5_000
    # Three files of this corpus have broken front matter, with a parser's known positions.
    if archive == ARCHIVES[0]:
        assert {text.split(":", 1)[1].split(": ")[0] for text in broken} == {"2:28", "26:13", "27:3"}
