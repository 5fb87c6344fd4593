"""Sample contexts: every page as readers of a small organisation would see it. `all_pages()` gives them by name."""

import functools

from node.web.contexts.site import Page
from node.web.rendering import Rendering
from theme_samples import account, author, classified, curated, moderated, operator, public, reading, worker

THEMES = ("default", "plain")


@functools.cache
def rendering_in(theme: str) -> Rendering:
    """One for all tests: compiling the templates is what takes time."""
    return Rendering(theme)


@functools.cache
def rendered(theme: str) -> dict[str, str]:
    """Every sample as HTML."""
    return {name: rendering_in(theme).render(page) for name, page in all_pages().items()}


@functools.cache
def all_pages() -> dict[str, Page]:
    """Sample pages by file name, at least one of every context."""
    return {
        **public.pages(),
        **account.pages(),
        **reading.pages(),
        **classified.pages(),
        **worker.pages(),
        **author.pages(),
        **curated.pages(),
        **operator.pages(),
        **moderated.pages(),
    }
