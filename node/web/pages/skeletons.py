"""What an empty desk begins with: a small module and a small task, whole enough to be checked."""

from typing import Literal

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


def skeleton_of(kind: Kind) -> str:
    """The text to begin with."""
    return TASK if kind == "task" else MODULE
