"""The input of a procedure, held against its lexicon."""

from __future__ import annotations

from typing import Any

from node.errors import Malformed
from schemas.datamodel import from_json
from schemas.validation import validate_input

Body = dict[str, Any]


class NotJson(Malformed):
    """The input is not JSON."""


def read_input(value: Any, nsid: str) -> Body:
    """The input of the procedure `nsid` as the data model has it. Raises Malformed, DatamodelInvalid, BodyInvalid."""
    if not isinstance(value, dict):
        raise Malformed("Input must be a JSON object.")
    data = from_json(value)
    validate_input(data, nsid)
    return data
