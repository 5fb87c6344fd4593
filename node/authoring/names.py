"""Names that authors give their modules, tasks and paths: how they are spelt, and which address they stand for."""

import re

from node.authoring.body.slug import slug
from node.authoring.limits import NAME_CHARACTERS
from schemas.authority import MODULE

NAME = "[a-z0-9]+(?:-[a-z0-9]+)*"
_NAME = re.compile(NAME)
_NOT_NAME = re.compile(r"[^a-z0-9]+")


def is_name(text: str) -> bool:
    """Is it lower-case letters, digits and single hyphens, and not too long?"""
    return len(text) <= NAME_CHARACTERS and _NAME.fullmatch(text) is not None


def likely_name(*words: str) -> str:
    """The name that these words make; '' where none of them has a letter for it."""
    text = "-".join(slug(word) for word in words if word)
    return _NOT_NAME.sub("-", text).strip("-")[:NAME_CHARACTERS].strip("-")


def module_address(named: str, did: str) -> str:
    """The address of a module that `did` names: by its address, or by the name of one of their own."""
    return named if named.startswith("at://") else f"at://{did}/{MODULE}/{named}"
