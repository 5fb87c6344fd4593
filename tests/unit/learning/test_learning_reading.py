"""A module as an outline, and the adapted outline as text."""

from __future__ import annotations

from node.authoring.parse import parse_module
from node.personalizer.adaptation.adapting import adapt
from node.personalizer.adaptation.blocks import Reader
from node.services.learning.reading import outline_of, plain_text

SOURCE = """---
name: weigh
title: Weigh
slots:
  load: {label: what you weigh, values: [a crate, a drum], default: a crate}
blocks:
  p1: {skill: weighing}
---
Take [the load](slot:load).

::: novice
Read the scale twice.
:::
::: expert
Trust your hands, then the scale.
:::
::: example
1. Zero the scale.
2. Put the load on.
3. Wait.
4. Read.
:::
::: {#p1 .practice}
Weigh the next one.
:::
"""


def test_the_outline_knows_variants_steps_skills_and_slots() -> None:
    outline = outline_of(parse_module(SOURCE), "cid")
    assert [(block.kind, block.variant, block.steps) for block in outline.blocks] == [
        ("text", None, 0),
        ("novice", "novice", 0),
        ("expert", "expert", 0),
        ("example", None, 4),
        ("practice", None, 0),
    ]
    assert outline.blocks[-1].skill == "weighing"
    assert outline.slots["load"].values == ("a crate", "a drum")


def test_the_text_obeys_variants_fading_and_slots() -> None:
    document = parse_module(SOURCE)
    adapted = adapt(outline_of(document, "cid"), Reader(0.6), {"load": "a drum"})
    text = plain_text(document, adapted)
    assert "Take a drum." in text
    assert ":::" not in text
    assert "Zero the scale." in text
    assert "4. Read." not in text
    assert ("Read the scale twice." in text) != ("Trust your hands" in text)


QUIZ = """
::: quiz
What is first?

- [ ] Reading
- [x] Zeroing

<details><summary>Why</summary>

A scale drifts.

</details>
:::
"""


def test_answers_stand_at_the_end_for_whoever_tries_first() -> None:
    document = parse_module(SOURCE + QUIZ + "\nOne more word.\n")
    text = plain_text(document, adapt(outline_of(document, "cid"), Reader(0.6), {}))
    question, _, answers = text.partition("## Answers")
    assert "- [ ] Zeroing" in question
    assert "A scale drifts" not in question
    assert "One more word." in question
    assert answers.split() == ["-", "Zeroing", "A", "scale", "drifts."]
    assert "- [x] Zeroing" in plain_text(document)


def test_as_signed_nothing_is_left_out() -> None:
    text = plain_text(parse_module(SOURCE))
    for words in ("Take the load.", "Read the scale twice.", "Trust your hands", "4. Read.", "Weigh the next one."):
        assert words in text
