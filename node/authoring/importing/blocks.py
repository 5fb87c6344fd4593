"""Blocks of other dialects as ours: Carpentries, Quarto and Docusaurus fences, MyST directives."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from node.authoring.body.fence import Fence, find_fence
from node.authoring.vocabulary import BLOCK_KINDS, FOREIGN_KINDS

# Blocks that are there for a reason of their own: shown as text under this label, in the lesson's language.
LABELS: Mapping[str, Mapping[str, str]] = {
    "objectives": {
        "en": "What you will be able to do", "es": "Objetivos", "de": "Ziele", "fr": "Objectifs", "pt": "Objetivos",
        "ja": "目標",
    },
    "questions": {
        "en": "Questions", "es": "Preguntas", "de": "Fragen", "fr": "Questions", "pt": "Perguntas", "ja": "質問",
    },
    "keypoints": {
        "en": "Key points", "es": "Puntos clave", "de": "Das Wichtigste", "fr": "Points clés", "pt": "Pontos-chave",
        "ja": "要点",
    },
    "prereq": {
        "en": "Know first", "es": "Requisitos", "de": "Voraussetzungen", "fr": "Prérequis", "pt": "Pré-requisitos",
        "ja": "前提",
    },
    "prerequisites": {"en": "Know first"},
}  # fmt: skip
_KINDS = {
    **{kind: kind for kind in BLOCK_KINDS}, **FOREIGN_KINDS, "callout": "caution", "callout-warning": "caution",
    "callout-caution": "caution", "callout-important": "caution", "attention": "caution", "error": "caution",
    "dropdown": "hint", "details": "hint", "exercise-start": "practice", "checklist": "practice",
    "activity": "practice", "instructor-note": "expert", "testimonial": "reflect",
}  # fmt: skip
_ASIDES = frozenset({"note", "tip", "info", "callout-note", "callout-tip", "seealso", "admonition", "remark", "margin"})
_DIRECTIVE = re.compile(r"([ \t]*)(`{3,}|~{3,})\{([A-Za-z][\w:-]*)\}[ \t]*(.*)\Z")
_OPTION = re.compile(r"[ \t]*:([\w-]+):[ \t]*(.*)\Z")
_CODE = frozenset({"code", "code-block", "code-cell", "literalinclude", "sourcecode"})


@dataclass(slots=True)
class Counts:
    """How many blocks of each kind were taken over, and what was met that has no counterpart."""

    kinds: dict[str, int] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def count(self, name: str, kind: str) -> None:
        """One more."""
        if kind:
            self.kinds[kind] = self.kinds.get(kind, 0) + 1
        else:
            self.unknown.add(name)


def translate_fences(lines: list[str], code: frozenset[int], language: str) -> tuple[list[str], Counts]:
    """Fenced blocks in our words; lines of code stay. What has no counterpart becomes plain text."""
    counts, result = Counts(), []
    shown: list[bool] = []  # of each open block, whether it remains a block
    for number, line in enumerate(lines):
        bare = line.lstrip(" \t")
        fence = find_fence(bare.rstrip()) if bare.startswith(":::") and number not in code else None
        if fence is None:
            result.append(line)
        elif fence.role == "close":
            if shown and shown.pop():
                result.append(line[: len(line) - len(bare)] + ":::")
            else:
                result.append("")
        else:
            written, block = _opened(fence, language, counts)
            shown.append(block)
            result += [line[: len(line) - len(bare)] + part if part else "" for part in written]
    return result + [":::" for block in shown if block], counts


def _opened(fence: Fence, language: str, counts: Counts) -> tuple[list[str], bool]:
    words = [word for word in (fence.name, *fence.classes) if word]
    title = [f"**{fence.title}**", ""] if fence.title else []
    label = next((LABELS[word] for word in words if word in LABELS), None)
    if label:
        counts.count(words[0], words[0])
        return ["", f"**{label.get(language[:2], label['en'])}**", ""], False
    kind = next((_KINDS[word] for word in words if word in _KINDS), "")
    aside = any(word in _ASIDES for word in words)
    if not kind and aside and fence.attributes.get("collapse") == "true":
        kind = "hint"
    if not kind:
        counts.count(words[0] if words else "div", "aside" if aside else "")
        return ["", *title], False
    counts.count(words[0], kind)
    head = f"::: {{#{fence.id} .{kind}}}" if fence.id else f"::: {kind}"
    return [head, *title], True


def translate_directives(lines: list[str]) -> list[str]:
    """MyST: ```` ```{exercise} Title ```` as fences of colons, figures as pictures, cells as code."""
    result: list[str] = []
    stack: list[tuple[str, str]] = []  # closing marker, what to write for it
    number = 0
    while number < len(lines):
        line = lines[number]
        bare = line.strip()
        number += 1
        if stack and bare and set(bare) == {stack[-1][0][0]} and len(bare) >= len(stack[-1][0]):
            result.append(stack.pop()[1])
            continue
        match = None if stack and stack[-1][1].startswith(("`", "~")) else _DIRECTIVE.match(line)
        if match is None:
            result.append(line)
            continue
        indent, marker, name, title = match.groups()
        options: dict[str, str] = {}
        while number < len(lines) and (option := _OPTION.match(lines[number])):
            options[option[1]] = option[2]
            number += 1
        if name in ("figure", "image"):
            result.append(f"{indent}![{options.get('alt', '')}]({title.strip()})")
            stack.append((marker, ""))
        elif name in _CODE or not (name in _KINDS or name in _ASIDES or name in LABELS):
            result.append(f"{indent}{marker}{title.strip() if name in _CODE else name}")
            stack.append((marker, f"{indent}{marker}"))
        else:
            heading = title.removeprefix("(optional)").strip()
            result += [f"{indent}::: {name}", *([f"**{heading}**", ""] if heading else [])]
            stack.append((marker, f"{indent}:::"))
    return result
