"""Laws of what is guessable: few pieces always are, and six things that nobody knows save any password."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from node.services.people.guessable import _ROWS, _SHORT, _WORDS, PIECES, is_guessable

NAME = "ines"


@st.composite
def _run(draw: st.DrawFn) -> str:
    """Neighbouring keys, from the left or from the right."""
    row = draw(st.sampled_from(_ROWS))[:: draw(st.sampled_from((1, -1)))]
    start = draw(st.integers(0, len(row) - _SHORT))
    return row[start : draw(st.integers(start + _SHORT, len(row)))]


KNOWN = st.one_of(st.sampled_from((*sorted(_WORDS), NAME)), st.integers(1900, 2099).map(str), _run())
SIGNS = st.sampled_from(("", "-", ".", "!", " "))
UNKNOWN = "工房待九時半"  # one for each piece that it takes


@given(st.lists(KNOWN, min_size=1, max_size=3), SIGNS, st.sampled_from(("", "!", "7", "x?")), st.data())
def test_three_pieces_that_are_known_are_guessable_however_joined(
    pieces: list[str], sign: str, end: str, data: st.DataObject
) -> None:
    whole = sign.join(data.draw(st.permutations([*pieces, *pieces]))) + end[: 1 + (not sign)]
    for password in (whole, whole.upper(), whole.title()):
        assert is_guessable(password, NAME), password


@given(st.lists(KNOWN, max_size=12), st.data())
def test_six_that_nobody_knows_save_it_wherever_they_stand(pieces: list[str], data: st.DataObject) -> None:
    known = "".join(pieces)
    places = sorted(data.draw(st.lists(st.integers(0, len(known)), min_size=PIECES, max_size=PIECES)))
    parts = [known[start:end] for start, end in zip([0, *places], [*places, len(known)], strict=True)]
    password = parts[0] + "".join(letter + part for letter, part in zip(UNKNOWN, parts[1:], strict=True))
    assert not is_guessable(password, NAME), password
