"""GIFT quizzes (docs.moodle.org, "GIFT format"): every question of a file in one module."""

import re
from dataclasses import dataclass

from node.authoring.importing.imported import Imported, described, name_from, settle
from node.authoring.importing.markup import markdown_of
from node.authoring.importing.quiz_text import Choice, Question, write_question

_ESCAPES = {"~": "\ue000", "=": "\ue001", "#": "\ue002", "{": "\ue003", "}": "\ue004", ":": "\ue005", "\\": "\ue006"}
_BACK = {sign: word for word, sign in _ESCAPES.items()}
_ESCAPED = re.compile(r"\\([~=#{}:\\])")
_FORMAT = re.compile(r"\s*\[(html|markdown|moodle|plain)\]")
_WEIGHT = re.compile(r"%(-?\d+(?:\.\d+)?)%")
_ANSWER = re.compile(r"([=~])((?:[^=~])*)")
_MOST = 1_000  # questions of one file


@dataclass(frozen=True, slots=True)
class _Answer:
    right: bool
    weight: float | None
    text: str
    comment: str


def import_gift(text: str, path: str) -> Imported:
    """A module of quizzes. What cannot be read as a question stays as text, and is noted."""
    parts, notes = [], []
    for number, block in enumerate(_blocks(text)):
        if number >= _MOST:
            notes.append(f"only the first {_MOST} questions were read")
            break
        if block.startswith("$CATEGORY:"):
            parts.append(f"## {block.partition(':')[2].strip().rpartition('/')[2]}\n")
            continue
        question = _question(block)
        if question is None:
            parts.append(f"{_unescaped(block)}\n")
            notes.append(f"kept as text: {_unescaped(block)[:60]}")
        else:
            parts.append(write_question(question))
    title = (
        path.rpartition("/")[2].rpartition(".")[0].replace("-", " ").replace("_", " ").strip().capitalize() or "Quiz"
    )
    count = sum(part.startswith(":::") for part in parts)
    front = {
        "name": name_from(title), "title": title, "language": "en",
        "description": described("", f"Check yourself: {count} questions."),
    }  # fmt: skip
    made = settle(front, "\n".join(parts), tuple(notes))
    return Imported(made.name, made.text, (), made.notes, f"{made.name}.md")


def _blocks(text: str) -> list[str]:
    lines = [line for line in text.lstrip("\ufeff").splitlines() if not line.lstrip().startswith("//")]
    joined = _ESCAPED.sub(lambda match: _ESCAPES[match[1]], "\n".join(lines))
    blocks: list[str] = []
    for block in re.split(r"\n\s*\n", joined):
        # An empty line inside braces does not end a question.
        if blocks and blocks[-1].count("{") > blocks[-1].count("}"):
            blocks[-1] += "\n" + block
        elif block.strip():
            blocks.append(block.strip())
    return blocks


def _question(block: str) -> Question | None:
    title = ""
    if block.startswith("::"):
        title, _, block = block[2:].partition("::")
    form = _FORMAT.match(block)
    block = block[form.end() :] if form else block
    stem, opened, rest = block.partition("{")
    inside, closed, after = rest.rpartition("}")
    if not opened or not closed:
        return None
    stem = _text(stem, form) + (f" ______ {_text(after, form)}" if after.strip(" .?!\n") else _text(after, form))
    inside, _, general = inside.partition("####")
    made = _answers(inside.strip(), form)
    return Question(stem, _unescaped(title), *made, why=_text(general, form))


def _answers(inside: str, form: re.Match[str] | None) -> tuple[tuple[Choice, ...], tuple[str, ...]]:
    if not inside:
        return (), ()
    truth = re.match(r"(TRUE|FALSE|T|F)\s*(?:#(.*))?\Z", inside, re.IGNORECASE | re.DOTALL)
    if truth:
        right = truth[1].upper().startswith("T")
        return (Choice("True", right), Choice("False", not right)), ()
    if inside.startswith("#"):
        return (), tuple(_numbers(inside[1:]))
    found = [_answer(match, form) for match in _ANSWER.finditer(inside)]
    if found and all(one.right and "->" in one.text for one in found):
        return (), tuple(one.text.replace("->", "→") for one in found)
    if all(one.right for one in found):
        return (), tuple(one.text + (f" – {one.comment}" if one.comment else "") for one in found)
    several = not any(one.right for one in found)  # then weights say which ones are right
    return tuple(Choice(one.text, one.right or (several and (one.weight or 0) > 0), one.comment) for one in found), ()


def _answer(match: re.Match[str], form: re.Match[str] | None) -> _Answer:
    text, _, comment = match[2].partition("#")
    weight = _WEIGHT.search(text)
    return _Answer(
        match[1] == "=", float(weight[1]) if weight else None, _text(_WEIGHT.sub("", text), form), _text(comment, form)
    )


def _numbers(text: str) -> list[str]:
    """`3.14:0.01` is within, `1..2` between; several stand behind `=`."""
    lines = []
    for entry in [part for part in text.split("=") if part.strip()]:
        value, _, comment = entry.partition("#")
        weight = _WEIGHT.search(value)
        value = _WEIGHT.sub("", value).strip()
        low, between, high = value.partition("..")
        number, _, within = value.replace("\ue005", ":").partition(":")
        said = f"between {low} and {high}" if between else number + (f" (± {within})" if within.strip("0. ") else "")
        said += f" – {weight[1]} % of the mark" if weight else ""
        lines.append(said + (f" – {_unescaped(comment).strip()}" if comment.strip() else ""))
    return lines


def _text(text: str, form: re.Match[str] | None) -> str:
    plain = _unescaped(text).strip()
    return markdown_of(plain).strip() if form and form[1] == "html" else plain


def _unescaped(text: str) -> str:
    return "".join(_BACK.get(sign, sign) for sign in text).replace("\\n", "\n").strip()
