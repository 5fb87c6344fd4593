import json
import os
import tarfile
from collections import Counter
from pathlib import Path

import pytest

from node.authoring.merge.merge import merge

SHARED = Path(os.environ.get("SKILLNET_SHARED_DATA") or Path(__file__).parents[4] / "shared" / "data")
BASE = "---\nname: a\ntasks: [x, y]\nminutes: 5\n---\nOne two three four.\n\nMiddle.\n\nEnd.\n"


def test_edits_apart_are_both_taken() -> None:
    merged = merge(BASE, BASE.replace("One", "1"), BASE.replace("End", "Fin"))
    assert (merged.text, merged.clean) == (BASE.replace("One", "1").replace("End", "Fin"), True)


def test_the_same_edit_on_both_sides_is_taken_once() -> None:
    edited = BASE.replace("Middle.", "Middle.\n\nNew.")
    assert merge(BASE, edited, edited).text == edited


def test_a_collision_keeps_both_sides_and_proposes() -> None:
    merged = merge(BASE, BASE.replace("One two", "1 two"), BASE.replace("four.", "4."), ("fork", "upstream"))
    (conflict,) = merged.conflicts
    assert (conflict.ours, conflict.theirs) == ("1 two three four.\n", "One two three 4.\n")
    assert conflict.proposal == "1 two three 4.\n"
    assert conflict.line == 6
    markers = "<<<<<<< fork\n1 two three four.\n=======\nOne two three 4.\n>>>>>>> upstream\n"
    assert merged.text == BASE.replace("One two three four.\n", markers)


def test_words_that_both_touched_have_no_proposal() -> None:
    (conflict,) = merge(BASE, BASE.replace("One", "1"), BASE.replace("One", "I")).conflicts
    assert conflict.proposal is None


def test_front_matter_is_merged_by_key_and_lists_by_entry() -> None:
    ours = BASE.replace("tasks: [x, y]", "tasks: [x, y, z]").replace("minutes: 5", "minutes: 7")
    theirs = BASE.replace("tasks: [x, y]", "tasks: [w, y]\nlevel: novice")
    merged = merge(BASE, ours, theirs)
    assert merged.text == BASE.replace("tasks: [x, y]\nminutes: 5", "tasks: [y, z, w]\nlevel: novice\nminutes: 7")


def test_a_key_changed_in_two_ways_is_a_conflict() -> None:
    merged = merge(BASE, BASE.replace("minutes: 5", "minutes: 6"), BASE.replace("minutes: 5", "minutes: 7"))
    assert [conflict.ours for conflict in merged.conflicts] == ["minutes: 6\n"]


@pytest.mark.parametrize("side", ["", "x", BASE])
def test_an_untouched_side_changes_nothing(side: str) -> None:
    assert merge(side, side, BASE).text == BASE
    assert merge(side, BASE, side).text == BASE


@pytest.mark.real
def test_real_merges_are_never_worse_than_gits() -> None:
    archive = SHARED / "revisions.tar.xz"
    if not archive.exists():
        pytest.skip(f"{archive} is absent (set SKILLNET_SHARED_DATA)")
    counts: Counter[tuple[bool, str]] = Counter()
    with tarfile.open(archive) as opened:
        for member in opened:
            if not member.name.endswith("merges.jsonl"):
                continue
            content = opened.extractfile(member)
            assert content is not None
            for line in content:
                record = json.loads(line)
                merged = merge(record["base"], record["ours"], record["theirs"])
                outcome = "conflict" if merged.conflicts else "equal" if merged.text == record["result"] else "differs"
                counts[int(record["git_conflicts"]) == 0, outcome] += 1
    # Of 443 that git merges cleanly, one is not what the person committed: there git's result differs as well.
    assert counts[True, "conflict"] == 0
    assert counts[True, "differs"] <= 1
    assert counts[False, "equal"] >= 7
    assert counts[False, "differs"] <= 3
