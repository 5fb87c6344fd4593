"""The style sheets: readable contrast in both schemes, both writing directions, nothing unused."""

import re
from pathlib import Path

import pytest
from theme_samples import outline, rendered

import themes

CSS = Path(themes.__file__).parent / "default" / "static" / "css"
TEXT_ON_GROUND = [
    (ink, ground)
    for ground in ("paper", "sheet", "accent-wash", "hand-wash", "machine-wash", "caution-wash", "danger-wash")
    for ink in ("ink", "soft")
] + [
    ("accent", "paper"), ("accent", "sheet"), ("accent", "accent-wash"), ("on-accent", "accent"), ("hand", "paper"),
    ("hand", "hand-wash"), ("hand", "sheet"), ("machine", "paper"), ("machine", "sheet"), ("caution", "paper"),
    ("caution", "caution-wash"), ("danger", "paper"), ("danger", "danger-wash"), ("ink", "mark"),
]  # fmt: skip
AUTHORED = re.compile(
    r"block|choices|your-turn|footnote|task|table|slot|math|picture-missing|link-elsewhere|[a-z]{1,2}\d?$"
)
PHYSICAL = re.compile(r"(?:margin|padding|border)-(?:left|right)|[{;]\s*(?:left|right)\s*:|text-align: (?:left|right)")
LIVE = {"htmx-request"}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def schemes() -> dict[str, dict[str, str]]:
    hexes = r"--([a-z-]+): (#[0-9a-f]{6})"
    light, dark = (CSS / "tokens.css").read_text(encoding="utf-8").split("prefers-color-scheme: dark")
    return {"light": dict(re.findall(hexes, light)), "dark": dict(re.findall(hexes, dark))}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_ON_GROUND)
def test_text_can_be_read(scheme: str, ink: str, ground: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_fields_can_be_seen(scheme: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours["strong-rule"], colours["paper"]) >= 3


@pytest.mark.parametrize("sheet", sorted(CSS.glob("*.css")), ids=lambda sheet: sheet.name)
def test_style_fits_both_writing_directions(sheet: Path) -> None:
    text = re.sub(r"\.prose pre \{[^}]*\}", "", sheet.read_text(encoding="utf-8"))  # code runs left to right everywhere
    physical = re.findall(
        r"(?:margin|padding|border)-(?:left|right)|[{;]\s*(?:left|right)\s*:|text-align: (?:left|right)", text
    )
    assert physical == []
    assert "@import" not in text
    assert "url(" not in text


def test_every_style_is_used() -> None:
    used = {
        name
        for html in rendered("default").values()
        for element in outline.read(html).elements
        for name in (element.attributes.get("class") or "").split()
    }
    styled = set().union(*(re.findall(r"\.([a-z][\w-]*)", _selectors(sheet)) for sheet in CSS.glob("*.css")))
    assert {name for name in styled - used - LIVE if not AUTHORED.match(name)} == set()


def _selectors(sheet: Path) -> str:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\{[^{}]*\}", " ", text)
