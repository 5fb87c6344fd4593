"""The contract between pages and themes: all of it documented, all of it used, nothing beyond it."""

import importlib
import pkgutil
from dataclasses import fields

import pytest
from jinja2 import meta, nodes
from theme_samples import THEMES, all_pages, rendered, rendering_in
from theme_samples.witness import Touched, Witness, declared

from node.web import contexts
from node.web.contexts.contract import contexts_in, help_of, reference
from node.web.contexts.site import Page

CONTEXTS = [
    context
    for module in pkgutil.walk_packages(contexts.__path__, f"{contexts.__name__}.")
    for context in contexts_in(importlib.import_module(module.name))
]
PAGES = [context for context in CONTEXTS if issubclass(context, Page) and context is not Page]
SAMPLES = all_pages()


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda context: context.__name__)
def test_every_field_says_what_it_is(context: type) -> None:
    assert (context.__doc__ or "").strip(), "the class itself needs a sentence"
    assert [name for name, text in help_of(context).items() if not text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_every_page_has_a_sample(page: type) -> None:
    assert any(type(sample) is page for sample in SAMPLES.values())


@pytest.mark.parametrize("theme", THEMES)
def test_every_sample_renders(theme: str) -> None:
    for name, html in rendered(theme).items():
        assert html.strip(), name
        assert "Undefined" not in html, name


def test_every_field_is_used() -> None:
    touched: Touched = set()
    rendering = rendering_in("default")
    for page in SAMPLES.values():
        template = rendering.environment(page.site.language).get_template(page.template)
        template.render(site=Witness(page.site, touched), page=Witness(page, touched))
    promised = set().union(*(declared(context) for context in CONTEXTS)) - {(Page, "site")}
    assert {f"{context.__name__}.{name}" for context, name in promised - touched} == set()


@pytest.mark.parametrize("theme", THEMES)
def test_templates_use_nothing_but_the_contract(theme: str) -> None:
    environment = rendering_in(theme).environment("en")
    for name in environment.list_templates():
        source, _, _ = environment.loader.get_source(environment, name)
        tree = environment.parse(source)
        beyond = meta.find_undeclared_variables(tree) - {"site", "page", *environment.globals} - _own_names(tree)
        assert not beyond, f"{name} uses {beyond}"


def _own_names(tree: nodes.Template) -> set[str]:
    """Macros that a template defines or imports: its blocks see them, the analysis of each block does not."""
    imported = {import_.target for import_ in tree.find_all(nodes.Import)}
    named = {name for import_ in tree.find_all(nodes.FromImport) for name in import_.names if isinstance(name, str)}
    return imported | named | {macro.name for macro in tree.find_all(nodes.Macro)}


def test_every_template_belongs_to_a_page() -> None:
    names = rendering_in("default").environment("en").list_templates()
    pages = {name for name in names if not name.startswith("macros/")} - {"base.html", "fragments/net.html"}
    assert pages == {page.template for page in PAGES}


def test_contexts_cannot_be_changed_by_a_template() -> None:
    page = SAMPLES["home"]
    with pytest.raises(AttributeError):
        setattr(page, fields(page)[0].name, None)


def test_the_reference_names_every_field_with_its_type() -> None:
    text = reference(CONTEXTS)
    assert "## SignInPage · `sign_in.html`" in text
    assert "- `problems` (tuple[FieldProblem, ...]): Why it was refused" in text
    assert all(f"- `{name}` (" in text for context in CONTEXTS for name in help_of(context))
