import json
import os
import tarfile
from pathlib import Path

import pytest

from node.authoring.merge.evaluation import Score
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


def test_words_that_both_touched_are_proposed_as_ours_with_the_rest_of_theirs() -> None:
    theirs = BASE.replace("One", "I").replace("four.", "4.")
    (conflict,) = merge(BASE, BASE.replace("One", "1"), theirs).conflicts
    assert conflict.proposal == "1 two three 4.\n"


def test_both_additions_are_proposed_and_deleted_lines_that_were_edited_stay() -> None:
    (added,) = merge("a\nz\n", "a\nb\nz\n", "a\nc\nz\n").conflicts
    assert added.proposal == "b\nc\n"
    (deleted,) = merge("a\nb\nz\n", "a\nz\n", "a\nb!\nz\n").conflicts
    assert deleted.proposal == "b!\n"


def test_an_edit_that_holds_the_others_edit_is_no_conflict() -> None:
    base = "The exact heirarchy is dependent on the platform.\n"
    ours, theirs = base.replace("heirarchy", "hierarchy"), base.replace("heirarchy is dependent", "hierarchy depends")
    assert merge(base, ours, theirs).text == theirs == merge(base, theirs, ours).text
    rewritten = "The exact hierarchy depends upon which platform there is.\n"
    assert not merge(base, ours, rewritten).clean


def test_spaces_that_both_changed_say_nothing_about_who_built_on_whom() -> None:
    assert not merge("one two \n", "one two\n", "1 two\n").clean


def test_the_later_date_of_the_last_change_stands_and_a_deadline_is_asked_for() -> None:
    def of(key: str, date: str) -> str:
        return f"---\nname: a\n{key}: {date}\n---\nText.\n"

    for days in (("2026-01-01", "2026-03-01", "2026-02-10"), ("01/01/2026", "03/20/2026", "02/25/2026")):
        base, later, sooner = (of("updated", day) for day in days)
        assert merge(base, later, sooner).text == later == merge(base, sooner, later).text
    base, one, other = (of("reviewBy", day) for day in ("2026-01-01", "2026-03-01", "2026-02-10"))
    assert not merge(base, one, other).clean
    unclear = [of("updated", day) for day in ("01/01/2026", "02/03/2026", "03/02/2026")]
    assert not merge(*unclear).clean


def test_where_keys_moved_the_merge_by_key_is_proposed() -> None:
    base = "---\nname: a\ntitle: T\nlevel: novice\n---\n"
    merged = merge(base, base.replace("T", "U"), "---\nlevel: novice\nname: a\ntitle: T\nminutes: 5\n---\n")
    assert len(merged.conflicts) == 1
    assert merged.with_proposals() == "---\nlevel: novice\nname: a\ntitle: U\nminutes: 5\n---\n"


def test_keys_of_others_are_merged_where_one_side_only_changed_the_day() -> None:
    base = "---\nname: a\nms.date: 01/01/2026\nms.topic: how-to\n---\n"
    dated, topic = base.replace("01/01", "02/20"), base.replace("how-to", "concept")
    added = base.replace("how-to\n", "how-to\nms.custom: x\n")
    assert merge(base, dated, added.replace("/2026\n", "/2026\nms.author: z\n")).clean
    assert not merge(base, dated, topic).clean
    assert merge(base, dated, topic).with_proposals() == topic.replace("01/01", "02/20")
    assert merge(base, dated, topic.replace("01/01", "03/30")).clean


def test_a_key_renamed_by_one_side_is_asked_for_and_so_are_other_line_ends() -> None:
    base = "---\nname: a\ntoc: false\n---\n"
    assert not merge(base, base.replace("toc", "showToc"), base.replace("toc: false\n", "")).clean
    base = "---\nname: a\ntitle: T\n---\n"
    merged = merge(base, base.replace("\n", "\r\n"), base.replace("T\n", "T\nminutes: 5\n"))
    assert "<<<<<<<" in merged.text
    assert "minutes: 5" in merged.with_proposals()


def test_keys_that_both_added_at_one_place_stand_ours_first() -> None:
    base = "---\nname: a\n---\n"
    merged = merge(base, base.replace("a\n", "a\ntitle: T\nlevel: novice\n"), base.replace("a\n", "a\nminutes: 5\n"))
    assert merged.text == "---\nname: a\ntitle: T\nlevel: novice\nminutes: 5\n---\n"


def test_lines_that_hold_the_others_edit_are_settled_at_two_places_at_most() -> None:
    base = "".join(f"{word} teh cat\n\n" for word in "abc")
    fixed = base.replace("teh", "the")
    for places in (1, 2, 3):
        further = fixed.replace("cat", "dog", places)
        ours = further if places < 3 else fixed.replace("cat", "dog")
        assert merge(base, ours, fixed).clean == (places < 3)
    assert not merge(base, fixed.replace("a the cat", "a the dog").replace("b the cat", "b the cow"), fixed).clean


def test_lines_that_hold_the_others_edit_are_asked_for_where_it_went_on_elsewhere() -> None:
    base = "a teh cat\n\nEnd.\n"
    fixed, further = base.replace("teh", "the"), base.replace("teh cat", "the dog")
    assert merge(base, further, fixed).text == further == merge(base, fixed, further).text
    assert not merge(base, further, fixed.replace("End", "Stop")).clean
    assert merge(base, further.replace("End", "Stop"), fixed).clean


def test_one_entry_that_became_two_others_is_asked_for() -> None:
    base = "---\nskills:\n  - one\n  - two\n---\n"
    assert not merge(base, base.replace("two", "2"), base.replace("two", "zwei")).clean
    both = merge(base, base.replace("- two\n", "- two\n  - three\n"), base.replace("- two\n", "- two\n  - four\n"))
    assert both.text == base.replace("- two\n", "- two\n  - three\n  - four\n")


def test_two_files_with_nothing_in_common_take_a_bounded_time() -> None:
    base = [f"{number}\n" for number in range(6_000)]
    ours, theirs = base[::-1], base[1::2] + base[::2]
    assert "<<<<<<<" in merge("".join(base), "".join(ours), "".join(theirs)).text


def test_taking_every_proposal_leaves_no_marker() -> None:
    merged = merge("a\nb\nc\n", "a\n1\nc", "a\n2\nc\nd\n")
    assert len(merged.conflicts) >= 1
    assert "<<<" not in merged.with_proposals()


def test_front_matter_is_merged_by_key_and_lists_by_entry() -> None:
    ours = BASE.replace("tasks: [x, y]", "tasks: [x, y, z]").replace("minutes: 5", "minutes: 7")
    theirs = BASE.replace("tasks: [x, y]", "tasks: [w, y]\nlevel: novice")
    merged = merge(BASE, ours, theirs)
    assert merged.text == BASE.replace("tasks: [x, y]\nminutes: 5", "tasks: [w, y, z]\nlevel: novice\nminutes: 7")


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
    score = Score()
    with tarfile.open(archive) as opened:
        for member in opened:
            if member.name.endswith("merges.jsonl"):
                content = opened.extractfile(member)
                assert content is not None
                for line in content:
                    score.add(json.loads(line))
    assert (score.clean, score.clean_equal, score.conflicting) == (443, 443, 183)
    assert score.exact >= 0.1 * score.conflicting
    assert score.exact >= 0.95 * score.merged
