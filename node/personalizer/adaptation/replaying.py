"""The same lesson again, byte for byte, from its receipt and the version it names."""

from __future__ import annotations

from node.personalizer.adaptation.adapting import Adapted, Outline, adapt
from node.personalizer.adaptation.blocks import Reader
from node.personalizer.adaptation.receipt import parse_receipt
from node.personalizer.errors import ReceiptInvalid


def replay(receipt: bytes, outline: Outline) -> Adapted:
    """Raises `ReceiptInvalid` when the receipt names another version, or does not lead to the lesson it promises."""
    fields = parse_receipt(receipt)
    if fields["version"] != outline.version:
        raise ReceiptInvalid(f"This receipt belongs to version {fields['version']}.")
    try:
        reader = Reader(float(fields["p"]), bool(fields["due"]), fields["known"])
        slots, overrides = fields["slots"], fields["overrides"]
    except (KeyError, TypeError, ValueError) as error:
        raise ReceiptInvalid("This is no receipt.") from error
    adapted = adapt(outline, reader, slots, overrides)
    if adapted.receipt != receipt:
        raise ReceiptInvalid("This receipt promises another lesson than this version gives.")
    return adapted
