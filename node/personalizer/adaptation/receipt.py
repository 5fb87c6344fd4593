"""A lesson's receipt: everything that decided it, as canonical JSON, with digests of the outline and of the result.

It holds private data (how likely the worker was to succeed) and stays with the worker.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from node.personalizer.adaptation.blocks import AdaptedBlock, Block, Change, Reader
from node.personalizer.canonical import canonical, digest
from node.personalizer.errors import ReceiptInvalid

FORMAT = 1


def make_receipt(
    version: str,
    blocks: Sequence[Block],
    reader: Reader,
    chosen: tuple[Mapping[str, str], Mapping[str, str]],
    result: tuple[Sequence[AdaptedBlock], Sequence[Change]],
) -> bytes:
    """`chosen`: slots and overrides; `result`: the lesson's blocks and changes. The same input gives the same bytes."""
    slots, overrides = chosen
    adapted, changes = result
    shown = {"blocks": [block.to_dict() for block in adapted], "changes": [change.to_dict() for change in changes]}
    return canonical(
        {
            "format": FORMAT,
            "version": version,
            "outline": digest([block.to_dict() for block in blocks]),
            "p": float(reader.p),
            "due": reader.due,
            "known": {skill: float(p) for skill, p in reader.known.items()},
            "slots": dict(slots),
            "overrides": dict(overrides),
            "result": digest({**shown, "slots": dict(slots)}),
        }
    )


def parse_receipt(receipt: bytes) -> dict[str, Any]:
    """The receipt's fields; raises `ReceiptInvalid` when it is none."""
    try:
        fields = json.loads(receipt)
        if fields["format"] != FORMAT or canonical(fields) != receipt:
            raise ReceiptInvalid("This receipt is of another form.")
    except (ValueError, TypeError, KeyError) as error:
        raise ReceiptInvalid("This is no receipt.") from error
    return dict(fields)
