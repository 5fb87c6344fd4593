"""One problem of OLX as a question (docs.openedx.org, "Problem component XML")."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from node.authoring.importing.markup import markdown_of
from node.authoring.importing.quiz_text import Choice, Question

_LABELS = frozenset({"label", "p", "description", "legend"})
_APART = frozenset({"solution", "demandhint", "script", "choicegroup", "checkboxgroup", "optioninput", "choicehint"})


def question_of(problem: ET.Element) -> Question:
    """Choices where there are any; what a program would judge becomes something to think about."""
    choices = tuple(_choices(problem))
    answers = tuple(_answers(problem))
    why = "\n\n".join(_inner(part) for part in problem.iter("solution"))
    hints = [_inner(hint) for part in problem.iter("demandhint") for hint in part.iter("hint")]
    programmed = not choices and not answers and problem.find(".//script") is not None
    stem = "\n\n".join(dict.fromkeys(part for part in _stem(problem) if part))
    note = "\n\n*(The course's platform judged this answer by a program.)*" if programmed else ""
    title = problem.get("display_name", "")
    return Question((stem or title or "What do you think?") + note, title, choices, answers, why, hints)


def _stem(element: ET.Element) -> Iterator[str]:
    for child in element:
        tag = str(child.tag)
        if tag in _APART:
            continue
        if tag in _LABELS or re.fullmatch(r"h\d|ul|ol|pre|table|img|div", tag):
            yield _inner(child) if tag != "img" else markdown_of(ET.tostring(child, encoding="unicode", method="html"))
        else:
            yield from ([(child.text or "").strip()] if (child.text or "").strip() else [])
            yield from _stem(child)


def _choices(problem: ET.Element) -> Iterator[Choice]:
    for choice in problem.iter("choice"):
        comment = "; ".join(_inner(hint) for hint in choice.iter("choicehint"))
        yield Choice(_inner(choice, without="choicehint"), choice.get("correct", "").lower() == "true", comment)
    for menu in problem.iter("optioninput"):
        listed = re.findall(r"'([^']*)'|\"([^\"]*)\"", menu.get("options", ""))
        for single, double in listed:
            yield Choice(single or double, (single or double) == menu.get("correct"))
        for option in menu.iter("option"):
            comment = "; ".join(_inner(hint) for hint in option.iter("optionhint"))
            yield Choice(_inner(option, without="optionhint"), option.get("correct", "").lower() == "true", comment)
    for option in problem.iter("option"):
        if option.get("choice"):
            yield Choice(_inner(option), option.get("choice") == "correct")


def _answers(problem: ET.Element) -> Iterator[str]:
    for kind in ("stringresponse", "numericalresponse", "formularesponse"):
        for response in problem.iter(kind):
            answer = response.get("answer", "")
            within = next((part.get("default", "") for part in response.iter("responseparam")), "")
            if "regexp" in response.get("type", "") or not answer:
                continue
            yield answer + (f" (± {within})" if within else "")
            yield from (part.get("answer", "") for part in response.iter("additional_answer"))


def _inner(element: ET.Element, without: str = "") -> str:
    text = element.text or ""
    for child in element:
        if child.tag != without:
            text += ET.tostring(child, encoding="unicode", method="html")
        else:
            text += child.tail or ""
    return markdown_of(text)
