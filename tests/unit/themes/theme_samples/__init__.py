"""Sample contexts: every page as readers of a small organisation would see it. `all_pages()` gives them by name."""

from node.web.contexts.site import Page
from theme_samples import author, operator, public, reading, worker


def all_pages() -> dict[str, Page]:
    """Sample pages by file name, at least one of every context."""
    return {**public.pages(), **reading.pages(), **worker.pages(), **author.pages(), **operator.pages()}
