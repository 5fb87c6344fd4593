"""A module's outline becomes a lesson: the rules, then the worker's overrides, which always win."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from node.personalizer.adaptation.blocks import AdaptedBlock, Block, Change, Reader, Slot
from node.personalizer.adaptation.receipt import make_receipt
from node.personalizer.adaptation.rules import HIDE, MOVE, RULES
from node.personalizer.errors import OverrideInvalid, SlotValueUnknown

SHOW_ANYWAY = "show"
HIDE_ANYWAY = "hide"
STEPS = "steps:"


@dataclass(frozen=True, slots=True)
class Adapted:
    """A lesson: blocks in order, slot values, every change from the module, and the receipt that replays it."""

    blocks: tuple[AdaptedBlock, ...]
    slots: Mapping[str, str]
    changes: tuple[Change, ...]
    receipt: bytes

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, without the receipt."""
        return {
            "blocks": [block.to_dict() for block in self.blocks],
            "slots": dict(self.slots),
            "changes": [change.to_dict() for change in self.changes],
        }


@dataclass(frozen=True, slots=True)
class Outline:
    """What adaptation needs of one immutable module version: its id, its blocks in order, the slots it declares."""

    version: str
    blocks: tuple[Block, ...]
    slots: Mapping[str, Slot]


def adapt(
    outline: Outline,
    reader: Reader,
    slots: Mapping[str, str] | None = None,
    overrides: Mapping[str, str] | None = None,
) -> Adapted:
    """`slots`: slot → value; `overrides`: block → `show` (as in the module), `hide` or `steps:N`.

    Raises `SlotValueUnknown`, `OverrideInvalid`. Slots the worker left alone keep the module's default.
    """
    overrides = dict(overrides or {})
    _check(outline.blocks, overrides)
    filled = _fill(outline.slots, slots or {})
    changes = _changes(outline.blocks, reader, overrides)
    blocks = _lay_out(outline.blocks, changes)
    receipt = make_receipt(outline.version, outline.blocks, reader, (filled, overrides), (blocks, changes))
    return Adapted(blocks, filled, changes, receipt)


def _changes(blocks: Sequence[Block], reader: Reader, overrides: Mapping[str, str]) -> tuple[Change, ...]:
    found: dict[tuple[str, str], Change] = {}
    for rule in RULES:
        for change in rule(blocks, reader):
            if change.block not in overrides:
                found.setdefault((change.block, change.what.split(":")[0]), change)
    for block in blocks:
        found.update(_override(block, overrides.get(block.id)))
    place = {block.id: i for i, block in enumerate(blocks)}
    return tuple(sorted(found.values(), key=lambda change: (place[change.block], change.what)))


def _override(block: Block, override: str | None) -> dict[tuple[str, str], Change]:
    if override is None or override == SHOW_ANYWAY:
        return {}
    what = HIDE if override == HIDE_ANYWAY else f"faded:{override.removeprefix(STEPS)}"
    if what == f"faded:{block.steps}":
        return {}
    return {(block.id, "override"): Change(block.id, what, "you chose this", block.line)}


def _lay_out(blocks: Sequence[Block], changes: Sequence[Change]) -> tuple[AdaptedBlock, ...]:
    hidden = {change.block for change in changes if change.what == HIDE}
    moved = [change.block for change in changes if change.what == MOVE]
    steps = {change.block: int(change.what.split(":")[1]) for change in changes if ":" in change.what}
    order = [block.id for block in blocks if block.id not in moved]
    order[1:1] = moved
    return tuple(AdaptedBlock(name, name not in hidden, steps.get(name)) for name in order)


def _fill(declared: Mapping[str, Slot], chosen: Mapping[str, str]) -> dict[str, str]:
    for name, value in chosen.items():
        if name not in declared:
            raise SlotValueUnknown(f"This module has no slot {name!r}.", hint=_allowed(declared))
        slot = declared[name]
        if value != slot.default and value not in slot.values:
            raise SlotValueUnknown(
                f"Slot {name!r} does not take {value!r}.", hint=_allowed([*slot.values, slot.default])
            )
    return {name: chosen.get(name, slot.default) for name, slot in sorted(declared.items())}


def _allowed(values: Sequence[str] | Mapping[str, Slot]) -> str:
    return "Allowed: " + ", ".join(dict.fromkeys(values)) + "."


def _check(blocks: Sequence[Block], overrides: Mapping[str, str]) -> None:
    steps = {block.id: block.steps for block in blocks}
    for name, override in overrides.items():
        if name not in steps:
            raise OverrideInvalid(f"This module has no block {name!r}.")
        number = override.removeprefix(STEPS)
        counted = override.startswith(STEPS) and number.isdecimal() and int(number) <= steps[name]
        if not counted and override not in (SHOW_ANYWAY, HIDE_ANYWAY):
            raise OverrideInvalid(f"Block {name!r} cannot be set to {override!r}.")
