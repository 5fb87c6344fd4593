"""Texts that several tests of authoring read."""

import pytest

MODULE = """\
---
name: check-a-drafted-summary            # stable id
title: Check a drafted summary against its sources
description: Find the three ways a fluent summary misleads, before you sign it.
language: en
license: CC-BY-4.0
layer: capability
level: advanced-beginner
minutes: 12
tasks: [onet:13-2051.00/1847, ./tasks/close-the-books.md]
occupations: [onet:13-2051.00, isco:2413]
skills: [source-checking]
tools: [{name: Excel, vendor: Microsoft, version: 2026}, {name: Calc, vendor: TDF}]
reviewBy: 2027-05-01
slots:
  artifact: {label: the report, values: [a quarterly report, a credit memo], default: the report}
blocks:
  p1: {skill: source-checking, rewritable: true}
house-rule: kept as it is
---
Read [the report](slot:artifact) first. ![A table with three rows](img/table.png)

## Three ways

::: novice
Go slowly.
:::
::: {#p1 .practice}
Take the last summary you were sent. See [the guide](https://example.org/guide).
:::
::: hint
Cover the summary.
:::
::: example
1. Read the source.
2. Mark the claims.
3. Compare.
:::

::: quiz
Which one misleads?

- [ ] A rounded number
- [x] A missing condition

<details><summary>Why</summary>A condition changes the meaning.</details>
:::
"""

TASK = """\
---
name: close-the-books
title: Close the month's books
statement: Close the accounts of one month.
language: en
license: CC-BY-4.0
occupations: [onet:13-2011.00]
outputs: [a trial balance]
---
Do it before the fifth.

1. **Collect the statements**

   One for each account.
   - by: person
   - check: every account has a statement
   - pitfalls: a statement of the wrong month
   - minutes: 15
   - byHand: one account each month
2. **Match them**
   - by: assistant
   - check: nothing is left over
"""


@pytest.fixture
def module_text() -> str:
    return MODULE


@pytest.fixture
def task_text() -> str:
    return TASK
