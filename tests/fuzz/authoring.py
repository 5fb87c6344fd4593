"""Coverage-guided fuzzing of everything in node.authoring that reads what strangers write.

Not part of the test suite: it needs atheris (`pip install atheris`), which is made for CPython on Linux and macOS.

    python tests/fuzz/authoring.py --corpus FOLDER -max_total_time=600 -timeout=5

A finding is written to `crash-…`; the same script with that file's name runs it again. Keep what it finds as a
test in tests/unit/authoring.
"""

import sys
from contextlib import suppress
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["node.authoring", "markdown_it", "mdit_py_plugins"]):
    from node.authoring.difference import difference
    from node.authoring.document import ModuleDocument, TaskDocument
    from node.authoring.edit import mend
    from node.authoring.front_matter.dump import dump_front_matter
    from node.authoring.front_matter.tree import YamlInvalid, read_tree
    from node.authoring.importing.carpentries import import_episode, read_config
    from node.authoring.importing.gift import import_gift
    from node.authoring.importing.olx import OlxInvalid, import_course
    from node.authoring.importing.pages import import_page
    from node.authoring.importing.skills import NotASkill, import_skill
    from node.authoring.lint import lint
    from node.authoring.merge.merge import merge
    from node.authoring.parse import parse_module, parse_task
    from node.authoring.problems import errors_of
    from node.authoring.render import render
    from node.authoring.spdx import ExpressionInvalid, parse_expression
    from node.authoring.value import document_of, to_value
    from node.authoring.write import write_bytes


def shown_safely(document: ModuleDocument | TaskDocument) -> None:
    html = render(document).html.lower()
    assert "<script" not in html
    assert html.count("<section") == html.count("</section>")
    assert html.count("<details") == html.count("</details>")


def fuzz_documents(source: bytes) -> None:
    for parse in (parse_module, parse_task):
        document = parse(source)
        assert write_bytes(document) == source
        problems = lint(document)
        assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)
        shown_safely(document)
    module = parse_module(source)
    mended, _ = mend(module, lint(module))
    lint(mended)
    if not errors_of(lint(module)):
        value = to_value(module)
        assert to_value(document_of(value)) == value


def fuzz_front_matter(source: bytes) -> None:
    text = source.decode("utf-8", "replace")
    with suppress(YamlInvalid):
        data = read_tree(text).data
        if isinstance(data, dict):
            assert read_tree(dump_front_matter(data)).data == (data or None)
    with suppress(ExpressionInvalid):
        parse_expression(text[:200])


def fuzz_merge(source: bytes) -> None:
    texts = [part.decode("utf-8", "replace") for part in (*source.split(b"\xff", 2), b"", b"")][:3]
    base, ours, theirs = texts
    assert merge(base, base, theirs).text == theirs
    assert merge(base, ours, base).text == ours
    merged = merge(base, ours, theirs)
    assert merged.clean or "<<<<<<<" in merged.text
    difference(ours, theirs)


def fuzz_imports(source: bytes) -> None:
    text = source.decode("utf-8", "replace")
    made = [import_page(text, "page.md", ("a.png",)), import_gift(text, "quiz.gift")]
    made.append(import_episode(text, "01-a.md", "lesson", read_config(text)))
    with suppress(NotASkill):
        made.append(import_skill(text, "folder", ("scripts/a.py",)))
    with suppress(OlxInvalid):
        made += import_course(lambda _path: text, text)[0]
    for one in made:
        assert one.name
        assert not one.file_name.startswith(("/", "..")), one.file_name
        shown_safely(parse_module(one.text))


TARGETS = (fuzz_documents, fuzz_front_matter, fuzz_merge, fuzz_imports)


def fuzz(source: bytes) -> None:
    """The first byte chooses what is fuzzed, so that one corpus serves all."""
    if source:
        TARGETS[source[0] % len(TARGETS)](source[1:])


def main() -> None:
    arguments = sys.argv[:]
    if "--corpus" in arguments:
        place = arguments.index("--corpus")
        folder = Path(arguments[place + 1])
        folder.mkdir(parents=True, exist_ok=True)
        for number, sample in enumerate(sorted((ROOT / "node" / "starter").rglob("*.md"))[:60]):
            for target in range(len(TARGETS)):
                (folder / f"starter-{number}-{target}").write_bytes(bytes([target]) + sample.read_bytes()[:4_000])
        arguments[place : place + 2] = [str(folder)]
    atheris.Setup(arguments, fuzz)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
