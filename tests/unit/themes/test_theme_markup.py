"""What every rendered page must keep: strict content policy, forms that are safe, words for those who cannot see."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from theme_samples import THEMES, all_pages, outline, parts, rendered, rendering_in
from theme_samples.outline import Element, Outline

import themes
from node.web.contexts.addresses import FIXED_ADDRESSES

FOLDER = Path(themes.__file__).parent


@pytest.fixture(scope="module", params=THEMES)
def pages(request: pytest.FixtureRequest) -> dict[str, Outline]:
    return {name: outline.read(html) for name, html in rendered(request.param).items()}


def is_fragment(page: Outline) -> bool:
    return not page.all("html")


def test_elements_are_nested_and_closed(pages: dict[str, Outline]) -> None:
    for page in pages.values():
        assert page.faults == []


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(pages: dict[str, Outline]) -> None:
    for page in pages.values():
        for element in page.elements:
            assert "style" not in element.attributes
            assert element.tag != "style"
            assert not [name for name in element.attributes if name.startswith("on")]
            if element.tag == "script" and element.attributes.get("type") != "application/ld+json":
                assert (element.attributes["src"] or "").startswith("/static/")
            if element.tag == "link" and element.attributes.get("rel") != "alternate":
                assert (element.attributes["href"] or "").startswith("/static/")


def test_ids_are_unique_and_found(pages: dict[str, Outline]) -> None:
    for page in pages.values():
        ids = page.ids()
        assert len(ids) == len(set(ids))
        for element in page.elements:
            for reference in ("for", "aria-labelledby", "aria-describedby"):
                assert set((element.attributes.get(reference) or "").split()) <= set(ids)


def test_every_field_has_a_label(pages: dict[str, Outline]) -> None:
    for page in pages.values():
        labelled = {label.attributes.get("for") for label in page.all("label")}
        for control in page.all("input", "select", "textarea"):
            if control.attributes.get("type") == "hidden" or "disabled" in control.attributes:
                continue  # a disabled box is a mark in a module's text
            inside = any(parent.tag == "label" for parent in control.parents)
            assert inside or control.attributes.get("id") in labelled, control.attributes


def test_every_post_carries_the_token(pages: dict[str, Outline]) -> None:
    for page in pages.values():
        for form in page.all("form"):
            if form.attributes.get("method") == "post":
                tokens = [
                    e for e in page.all("input") if form in e.parents and e.attributes.get("name") == "_csrf_token"
                ]
                assert [token.attributes["value"] for token in tokens] == [parts.ANONYMOUS.csrf]


def test_headings_begin_with_one_and_skip_none(pages: dict[str, Outline]) -> None:
    for page in pages.values():
        if is_fragment(page):
            continue
        own = [e for e in page.all("h1", "h2", "h3", "h4") if not _is_authored(e)]
        assert [e.tag for e in own].count("h1") == 1
        main = [int(e.tag[1]) for e in own if any(parent.tag == "main" for parent in e.parents)]
        assert main[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(main))


def _is_authored(element: Element) -> bool:
    return any("prose" in (parent.attributes.get("class") or "").split() for parent in element.parents)


def test_page_names_its_language_and_direction(pages: dict[str, Outline]) -> None:
    for page in pages.values():
        if is_fragment(page):
            continue
        (html,) = page.all("html")
        assert html.attributes["lang"] in {"en", "ar"}
        assert html.attributes["dir"] == ("rtl" if html.attributes["lang"] == "ar" else "ltr")
        assert page.all("title")[0].text.strip(" \n·–")


def test_drawings_are_hidden_from_those_who_listen(pages: dict[str, Outline]) -> None:
    for page in pages.values():
        assert all(svg.attributes.get("aria-hidden") == "true" for svg in page.all("svg"))


def test_buttons_and_links_have_words(pages: dict[str, Outline]) -> None:
    for page in pages.values():
        for element in page.all("a", "button", "summary"):
            assert element.text.strip(), element.attributes


def test_templates_write_only_fixed_addresses() -> None:
    for path in FOLDER.glob("*/templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        literal = set(re.findall(r'(?:href|action|hx-get|hx-post)="(/[^"{]*)"', text))
        literal |= set(re.findall(r'(?:place\(|button\(site, |\()"(/[^"{]*)"', text))
        assert literal <= set(FIXED_ADDRESSES), path


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_escaped(theme: str) -> None:
    evil = "<script>alert(1)</script>\"'&"
    page = replace(all_pages()["module"], title=evil, description=evil, linked_data={"name": evil})
    html = rendering_in(theme).render(page)
    assert "<script>alert" not in html
