"""Statements and parameters travel as whole numbers and give the same scores, bit for bit, wherever they arrive."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from curation.errors import StatementInvalid
from curation.exchange import parameters_value, parse_parameters, parse_statement, parse_statements, value_of
from curation.parameters import Parameters
from curation.ranking import Ranking
from curation.stated.contributions import Contributions, Practitioner, Task
from curation.stated.statements import Endorsement, Organisation, Statement, Subject, Vouch

AT = 1_700_000_000.0


def _statements() -> list[Statement]:
    random = np.random.default_rng(7)
    people = [Practitioner(f"p{n}", f"o{n % 6}", ("onet:1",) if n % 3 else ()) for n in range(40)]
    subjects = [Subject(f"at://m{n}", f"p{n}", None, ("onet:1",), ("t1",), 1 + n % 2) for n in range(12)]
    said = [
        Endorsement(
            f"p{by}", f"at://m{of}", "t1" if by % 2 else None, ("works", "fails", "works-with-changes")[(by + of) % 3],
            round(AT - float(random.uniform(0, 3e7)), 6), 1, f"e{by}-{of}",
        )
        for by in range(40) for of in range(12) if random.random() < 0.4
    ]  # fmt: skip
    vouches = [Vouch("o0", "o1"), Vouch("o0", "o2"), *(Vouch(f"p{n}", f"p{(n * 7 + 1) % 40}") for n in range(40))]
    return [*map(Organisation, ("o0", "o1")), Task("t1", ("onet:1",)), *people, *subjects, *vouches, *said]


def test_scores_are_the_same_bits_after_the_journey() -> None:
    statements = _statements()
    travelled = parse_statements(json.loads(json.dumps([value_of(statement) for statement in statements])))
    assert travelled == statements
    scores = []
    for found in (statements, travelled):
        contributions = Contributions()
        contributions.extend(found)
        ranking = Ranking.build(contributions, "o0", AT, parse_parameters(parameters_value(Parameters())))
        scores.append(ranking.scores([f"at://m{n}" for n in range(12)], "t1"))
    assert scores[0] == scores[1]


def test_parameters_travel_and_unknown_ones_are_refused() -> None:
    changed = replace(Parameters(), quorum=3, trust_decay=0.75)
    assert parse_parameters(parameters_value(changed)) == changed
    assert parse_parameters({}) == Parameters()
    with pytest.raises(StatementInvalid):
        parse_parameters({"magic": 1})


@pytest.mark.parametrize(
    "value", [{}, {"type": "wish"}, {"type": "endorsement", "id": "x"}, {"type": "vouch", "by": 1}]
)
def test_what_is_no_statement_is_refused(value: dict[str, object]) -> None:
    with pytest.raises(StatementInvalid):
        parse_statement(value)
