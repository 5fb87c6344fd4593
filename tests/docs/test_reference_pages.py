"""The reference is what the code says: no page is stale, nothing that others rely on is undocumented."""

from __future__ import annotations

import pytest

from docs.generate.commands import arguments, commands
from docs.generate.endpoints import rows
from docs.generate.lexicons import own_lexicons
from docs.generate.pages import PAGES, Page
from node.settings.declared import declared_settings
from node.web.metrics import METRICS
from schemas.catalog import get_lexicon

WRITE = "run: .venv/bin/python -m docs.generate"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_is_up_to_date(page: Page) -> None:
    assert page.path.exists(), WRITE
    assert page.path.read_text("utf-8") == page.text(), WRITE


@pytest.mark.parametrize("item", declared_settings(), ids=lambda item: item.key)
def test_setting_has_a_meaning(item) -> None:
    assert item.meaning.endswith((".", "?")), f"{item.key} needs a sentence in node/settings/declared.py"


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
def test_metric_has_a_meaning(metric) -> None:
    assert metric.meaning.endswith(".")


@pytest.mark.parametrize(("path", "app"), [pytest.param(*found, id=" ".join(found[0])) for found in commands()])
def test_command_is_explained(path: tuple[str, ...], app) -> None:
    assert app.help, f"skillnet {' '.join(path)} has no docstring"
    silent = [argument.names[0] for argument in arguments(app) if not (argument.parameter.help or "").strip()]
    options = [name for name in silent if name.startswith("--")]  # the docstring explains what is given by position
    assert options == [], "an option needs help: Annotated[…, Parameter(help=…)]"


@pytest.mark.parametrize("nsid", own_lexicons())
def test_lexicon_is_described(nsid: str) -> None:
    definitions = get_lexicon(nsid)["defs"]
    assert all(body.get("description") for body in definitions.values())
    properties = (body.get("record", body).get("properties", {}) for body in definitions.values())
    assert [name for fields in properties for name, field in fields.items() if not field.get("description")] == []


def test_every_route_says_what_it_does() -> None:
    assert [f"{methods} {path}" for path, methods, words in rows() if not words] == []
