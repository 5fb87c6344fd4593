"""What an empty desk begins with: a small module and a small task, whole enough to be checked."""

from typing import Literal

from node.web.contexts.write import Insert

Kind = Literal["module", "task"]

MODULE = """---
name: my-first-module
title: What the reader will be able to do
description: One sentence on what goes better at work afterwards.
language: en
license: CC-BY-4.0
layer: capability
level: novice
minutes: 10
tasks: []
occupations: []
skills: []
---
What goes wrong without this, in two or three sentences a colleague would say.

## How it is done

::: example
1. The first thing, worked through with real numbers.
2. The second.
:::

::: {#p1 .practice}
Take the last case on your own desk and do it there.
:::

::: connect
Who in your team does this well? Ask them to show you one.
:::
"""

TASK = """---
name: my-first-task
title: What the work is called
statement: The work in one sentence.
language: en
license: CC-BY-4.0
occupations: []
skills: []
stakes: What an error costs.
---
1. **The first step**

   What is done.
   - by: person
   - check: how one knows that it is right
   - pitfalls: what goes wrong
   - minutes: 5
"""


# What the buttons above the text put into it.
INSERTS = (
    Insert(label="Bold", text="**…**"),
    Insert(label="Heading", text="\n## …\n"),
    Insert(label="List", text="\n- …\n"),
    Insert(label="Link", text="[…](https://)"),
    Insert(label="Practice", text="\n::: practice\n…\n:::\n"),
    Insert(label="Example", text="\n::: example\n1. …\n2. \n:::\n"),
    Insert(label="Quiz", text="\n::: quiz\n…\n\n- [ ] wrong\n- [x] right\n:::\n"),
    Insert(label="For novices", text="\n::: novice\n…\n:::\n"),
    Insert(label="For experts", text="\n::: expert\n…\n:::\n"),
    Insert(label="Caution", text="\n::: caution\n…\n:::\n"),
    Insert(label="Ask a colleague", text="\n::: connect\n…\n:::\n"),
)


def skeleton_of(kind: Kind) -> str:
    """The text to begin with."""
    return TASK if kind == "task" else MODULE
