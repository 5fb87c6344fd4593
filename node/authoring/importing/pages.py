"""Pages of Quarto, MyST, Docusaurus and plain Markdown as modules."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from node.authoring.document import ModuleDocument
from node.authoring.importing.blocks import Counts, translate_directives, translate_fences
from node.authoring.importing.imported import Imported, described, first_prose, name_from, settle
from node.authoring.importing.pictures import code_lines, settle_pictures
from node.authoring.parse import parse_module

_IMPORT = re.compile(r"(?:import\s.+\sfrom\s+['\"].+['\"];?|export\s+(?:const|default)\s.*)\Z")
_LABEL = re.compile(r"\([\w:.-]+\)=\Z")
_SHORTCODE = re.compile(r"\{\{<.*?>\}\}")
_CELL = re.compile(r"([ \t]*)(`{3,})\{([a-z]+)\}[ \t]*\Z")
_LICENCE = re.compile(r"\s+(?=\d)|\s*-\s*(?=v?\d)")


def import_page(text: str, path: str, files: Sequence[str] = (), given: Mapping[str, Any] | None = None) -> Imported:
    """A page as a module. `given`: front matter that the folder's own settings say, such as language and licence."""
    document, notes = _translated(text, path)
    known = given or {}
    front: dict[str, Any] = dict(document.front.data)
    language = str(front.pop("lang", "") or front.get("language") or known.get("language") or "en")
    body, counts = fenced(document, language)
    body, pictures, missing = settle_pictures(parse_module(body, path), files)
    title = str(front.get("title") or document.title or "").strip() or path.rpartition("/")[2].partition(".")[0]
    name = front.get("name")
    front["name"] = name_from(str(name)) if name else name_from(str(known.get("prefix", "")), _stem(path))
    front["title"] = title
    front["description"] = described(
        _text(front.get("description")) or _text(known.get("description")), first_prose(body) or title
    )
    front["language"] = language
    for key in ("license", "layer", "level", "minutes"):
        if key in known:
            front.setdefault(key, known[key])
    order = ["name", "title", "description", "language", "license", "layer", "level", "minutes"]
    front = {key: front[key] for key in (*order, *(key for key in front if key not in order)) if key in front}
    made = settle(front, body, (*notes, *missing, *_unknown(counts)))
    return replace(made, files=pictures, file_name=f"{made.name}.md")


def fenced(document: ModuleDocument, language: str) -> tuple[str, Counts]:
    """The body with blocks in our words, and what was counted."""
    lines, counts = translate_fences(document.body.splitlines(), code_lines(document), language)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)), counts


def licence_from(text: str) -> str:
    """An SPDX id where somebody wrote `CC-BY 4.0`; what cannot be read stays as it is."""
    word = _LICENCE.sub("-", text.strip())
    return word.upper() if word.upper().startswith("CC") else word


def _translated(text: str, path: str) -> tuple[ModuleDocument, tuple[str, ...]]:
    """Directives and cells in our form; statements of a program that would build the page left out."""
    source = parse_module(text, path)
    parts, notes = source.parts, []
    lines = [_CELL.sub(r"\1\2\3", line) if path.endswith(".qmd") else line for line in parts.body.splitlines()]
    document = parse_module("\n".join(translate_directives(lines)) + "\n", path)
    code = code_lines(document)
    kept = []
    for number, line in enumerate(document.body.splitlines()):
        if number in code:
            kept.append(line)
        elif _IMPORT.match(line.strip()):
            notes.append(f"left out, because it is a program's: {line.strip()[:80]}")
        elif not _LABEL.match(line.strip()):
            kept.append(_SHORTCODE.sub("", line))
            notes += [f"left out: {found}" for found in _SHORTCODE.findall(line)]
    return parse_module(parts.head + parts.yaml + parts.tail + "\n".join(kept) + "\n", path), tuple(notes)


def _unknown(counts: Counts) -> tuple[str, ...]:
    return (
        (f"shown as plain text, having no counterpart: {', '.join(sorted(counts.unknown))}",) if counts.unknown else ()
    )


def _stem(path: str) -> str:
    parts = re.sub(r"\.(?:md|mdx|qmd|markdown|txt)\Z", "", path).split("/")
    return parts[-2] if parts[-1].lower() in ("index", "readme") and len(parts) > 1 else parts[-1]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
