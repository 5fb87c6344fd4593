"""What an empty desk begins with: a small module, task or path, whole enough to be checked."""

from node.authoring.beginnings import DESCRIPTION, MODULE_BODY, STATEMENT, TASK_BODY, path_text
from node.authoring.edit import set_field
from node.authoring.parse import parse_module
from node.services.reference.proposing import Proposal
from node.services.writing.drafting import Kind
from node.web.contexts.writing.write import Insert

MODULE = f"""---
name: my-first-module
title: What the reader will be able to do
description: {DESCRIPTION}
language: en
license: CC-BY-4.0
layer: capability
level: novice
minutes: 10
tasks: []
occupations: []
skills: []
---
{MODULE_BODY}"""

TASK = f"""---
name: my-first-task
title: What the work is called
statement: {STATEMENT}
language: en
license: CC-BY-4.0
occupations: []
skills: []
stakes: What an error costs.
---
{TASK_BODY}"""

PATH = path_text("my-first-path", "Where it leads")

_SKELETONS: dict[Kind, str] = {"module": MODULE, "task": TASK, "path": PATH}

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
    return _SKELETONS[kind]


def is_skeleton(text: str) -> bool:
    """Is it what a desk begins with, whatever of?"""
    return text.strip() in ("", *(skeleton.strip() for skeleton in _SKELETONS.values()))


def skeleton_for(proposal: Proposal) -> str:
    """A module for a task, with what its task proposes."""
    document = set_field(parse_module(MODULE), "level", proposal.level)
    for key, value in (("tasks", [proposal.task]), ("occupations", proposal.occupations), ("skills", proposal.skills)):
        document = set_field(document, key, list(value))
    return document.source
