"""What the text of a new module, task or path begins with, on the page for writing as on the command line."""

MODULE_BODY = """\
What goes wrong without this, in two or three sentences a colleague would say.

## How it is done

::: example
1. The first thing, worked through with real numbers.
2. The second.
:::

::: {#p1 .practice}
Take the last case on your own desk and do it there.

::: hint
Where to look first.
:::
:::

::: quiz
Which of these would you stop?

- [ ] One that is right
- [x] One that is wrong

<details><summary>Why</summary>Because of what it says about the case.</details>
:::

::: connect
Who in your team does this well? Ask them to show you one.
:::
"""

TASK_BODY = """\
1. **The first step**

   What is done.
   - by: person
   - check: how one knows that it is right
   - pitfalls: what goes wrong
   - minutes: 5
"""

DESCRIPTION = "What the reader will do better at work afterwards, in one sentence."
STATEMENT = "What is done and to what end, in one sentence."
WAY = "Whom it takes from where to where."
ORDER = "Why this order."

# Sentences of the templates that tell what should stand in their place, and that nobody else would write.
PLACEHOLDERS = (
    DESCRIPTION,
    STATEMENT,
    WAY,
    "What goes wrong without this, in two or three sentences a colleague would say.",
    "The first thing, worked through with real numbers.",
    "Take the last case on your own desk and do it there.",
    "Because of what it says about the case.",
    "check: how one knows that it is right",
)


def path_text(name: str, title: str) -> str:
    """A path as it begins; the list of its modules follows."""
    return f"""---
kind: path
name: {name}
title: {title}
description: {WAY}
language: en
license: CC-BY-4.0
level: novice
occupations: []
skills: []
---
{ORDER}
"""
