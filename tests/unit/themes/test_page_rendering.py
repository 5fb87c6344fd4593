"""Themes, their files, and the words of a language."""

import gc
import hashlib
import re
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from jinja2.runtime import Context
from theme_samples import all_pages, parts

from node.web import wording
from node.web.rendering import Rendering, ThemeMissing
from node.web.wording import Wording

SIGN_IN = all_pages()["sign-in"]


def own_theme(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / "workshop" / name.replace("__", "/").replace("_html", ".html").replace("_css", ".css")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_theme_overrides_single_files_and_inherits_the_rest(tmp_path: Path) -> None:
    folder = own_theme(tmp_path, templates__sign_in_html="<h1>{{ page.next }}</h1>", static__css__print_css="p {}")
    rendering = Rendering("workshop", folders=(folder,))
    assert rendering.render(SIGN_IN) == "<h1>/me</h1>"
    assert "<h1>" in rendering.render(all_pages()["home"])
    assert rendering.static_url("css/print.css") != Rendering().static_url("css/print.css")
    assert rendering.static_url("css/tokens.css") == Rendering().static_url("css/tokens.css")


def test_a_template_that_asks_for_more_than_the_contract_fails(tmp_path: Path) -> None:
    folder = own_theme(tmp_path, templates__sign_in_html="{{ page.secret }}")
    with pytest.raises(Exception, match="secret"):
        Rendering("workshop", folders=(folder,)).render(SIGN_IN)


@pytest.mark.parametrize("name", ["no_such_theme", "../default", "", "."])
def test_a_missing_theme_is_named(name: str) -> None:
    with pytest.raises(ThemeMissing):
        Rendering(name)


@pytest.mark.parametrize("path", ["../templates/base.html", "/etc/passwd", "css", "", "css/../css/tokens.css"])
def test_only_listed_files_are_served(path: str) -> None:
    assert Rendering().find_static(path) is None


def test_static_addresses_follow_the_content() -> None:
    rendering = Rendering()
    file = rendering.find_static("vendor/htmx.min.js")
    assert file is not None
    assert rendering.static_url("vendor/htmx.min.js") == f"/static/{file.digest}/vendor/htmx.min.js"
    assert "javascript" in file.media_type
    assert rendering.find_static("vendor/htmx.LICENSE.txt")


def test_phrases_are_translated_and_unknown_languages_stay_english() -> None:
    rendering = Rendering(translations={"de": {"Sign in": "Anmelden", "May": "Mai"}})
    page = replace(SIGN_IN, site=replace(parts.ANONYMOUS, language="de"))
    assert "Anmelden" in rendering.render(page)
    assert "Sign in" in rendering.render(replace(page, site=replace(parts.ANONYMOUS, language="fi")))
    assert rendering.environment("fi") is rendering.environment("sv")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "ltr"),
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("az-Arab", "rtl"),
        ("ku-Latn", "ltr"),
        ("ar-Latn", "ltr"),
        ("", "ltr"),
    ],
)
def test_direction_of_a_language(language: str, expected: str) -> None:
    assert wording.direction(language) == expected


ENGLISH = Wording(lambda text: text)


@pytest.mark.parametrize(("minutes", "words"), [(0, "0 min"), (59, "59 min"), (60, "1 h"), (85, "1 h 25 min")])
def test_minutes(minutes: int, words: str) -> None:
    assert ENGLISH.minutes(minutes) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(), "less than a second"),
        (timedelta(seconds=1.9), "a second"),
        (timedelta(minutes=3, seconds=59), "3 minutes"),
        (timedelta(hours=47), "a day"),
        (timedelta(days=800), "2 years"),
    ],
)
def test_spans(span: timedelta, words: str) -> None:
    assert ENGLISH.span(span) == words


def test_dates_and_numbers() -> None:
    noon = datetime(2026, 5, 12, 12, 5, tzinfo=timezone(timedelta(hours=2)))
    assert ENGLISH.day(date(2026, 5, 12)) == "12 May 2026"
    assert ENGLISH.moment(noon) == "12 May 2026, 10:05 UTC"
    assert wording.machine_time(noon) == "2026-05-12T10:05:00Z"
    assert wording.machine_time(noon.date()) == "2026-05-12"
    assert wording.number(1234567) == "1\u202f234\u202f567"
    assert [wording.file_size(n) for n in (999, 1000, 48213, 5_000_000)] == ["999 B", "1 kB", "48.2 kB", "5 MB"]
    assert ENGLISH.percent(0.684) == "68\u00a0%"
    assert ENGLISH.decimal(-0.1) == "−0.10"
    assert ENGLISH.count("{n} module", "{n} modules", 1) == "1 module"


def test_vendored_script_is_the_one_it_says() -> None:
    files = [Rendering().find_static(f"vendor/{name}") for name in ("htmx.min.js", "htmx.VERSION.txt")]
    script, version = [file.path.read_bytes() for file in files if file]
    assert hashlib.sha256(script).hexdigest() in version.decode()
    assert re.search(rb'version:"([\d.]+)"', script).group(1) in version


def test_no_ring_holds_a_page_until_it_is_collected() -> None:
    rendering, pages = Rendering(), all_pages().values()

    def held() -> int:
        return sum(isinstance(one, Context) for one in gc.get_objects())

    for page in pages:  # what pages import is kept
        rendering.render(page)
    gc.collect()
    gc.disable()
    try:
        before = held()
        for page in pages:
            rendering.render(page)
        assert held() == before
    finally:
        gc.enable()


def test_a_module_for_no_work_in_particular_has_no_heading_over_nothing() -> None:
    module = all_pages()["module"]
    shown = Rendering().render(module)
    assert "For the work of" in shown
    assert "For the work of" not in Rendering().render(replace(module, tasks=(), occupations=()))
