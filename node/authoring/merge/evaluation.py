"""Scores the merge on merges that people made: what git can do, what they committed."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from node.authoring.merge.merge import merge


@dataclass(slots=True)
class Score:
    """Counts of files. `clean`: git merged them without a conflict; the others are `conflicting`."""

    clean: int = 0
    clean_equal: int = 0  # merged here as well, to what git gives
    conflicting: int = 0
    merged: int = 0  # of the conflicting ones, without asking
    exact: int = 0  # and to what the person then committed
    places: int = 0  # conflicts that are left to a person, each with a proposal
    proposed: int = 0  # files whose proposals, all taken, give what the person committed

    def add(self, record: Mapping[str, object]) -> None:
        """Count one merge: base, ours, theirs, result, git_conflicts, git_equals_result."""
        base, ours, theirs, result = (str(record[name]) for name in ("base", "ours", "theirs", "result"))
        found = merge(base, ours, theirs)
        if not record["git_conflicts"]:
            self.clean += 1
            # Where the person committed something else than git's merge, git's text is not in the data.
            self.clean_equal += found.clean and (found.text == result or not record.get("git_equals_result", True))
            return
        self.conflicting += 1
        self.merged += found.clean
        self.exact += found.clean and found.text == result
        self.places += len(found.conflicts)
        self.proposed += bool(found.conflicts) and found.with_proposals() == result

    def to_json(self) -> dict[str, object]:
        """With the two shares that count."""
        share = self.exact / self.conflicting if self.conflicting else None
        precision = self.exact / self.merged if self.merged else None
        return {
            **asdict(self),
            "exact_share": None if share is None else round(share, 4),
            "precision": None if precision is None else round(precision, 4),
        }


def evaluate_merges(records: Iterable[Mapping[str, object]]) -> Score:
    """Count all of them."""
    score = Score()
    for record in records:
        score.add(record)
    return score
