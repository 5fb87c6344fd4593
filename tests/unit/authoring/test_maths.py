"""Maths becomes MathML; what is refused or not understood stays TeX; nothing of it can act."""

import pytest

from node.authoring.parse import parse_module
from node.authoring.render import render


def html(body: str) -> str:
    return render(parse_module(body)).html


def test_formulas_become_mathml_with_their_source_for_those_who_hear() -> None:
    shown = html("Inline $\\frac{a}{b}$ and\n\n$$\\sum_{i=1}^n x_i^2$$\n")
    assert "<mfrac>" in shown
    assert 'display="block"' in shown
    assert 'alttext="\\frac{a}{b}"' in shown
    assert html("$\\begin{matrix}1 & 2\\\\3 & 4\\end{matrix}$").count("<mtd") == 4


@pytest.mark.parametrize(
    "formula",
    ["\\frac{", "\\nosuchmacro{x}", "\\href{javascript:alert(1)}{x}", "\\text{<img src=x>}", "}}", "{" * 40 + "}" * 40,
     "\\class{a}{b}", "x" * 3000],
)  # fmt: skip
def test_what_is_not_understood_stays_tex(formula: str) -> None:
    shown = html(f"Text ${formula}$ end")
    assert "<math" not in shown
    assert "<img" not in shown
    assert "href=" not in shown


def test_angle_brackets_of_a_formula_are_no_markup() -> None:
    shown = html("$a<b$ and $<script>alert(1)</script>$")
    assert "<script" not in shown
