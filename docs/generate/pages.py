"""Every generated page: where it goes and what makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from docs.generate import commands, contexts, contracts, endpoints, lexicons, metrics, settings

FOLDER = Path(__file__).resolve().parent.parent / "reference"
NOTICE = "<!-- Generated from the code: python -m docs.generate -->\n\n"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the reference."""

    name: str
    make: Callable[[], str]

    @property
    def path(self) -> Path:
        """The file it is kept in."""
        return FOLDER / f"{self.name}.md"

    def text(self) -> str:
        """What the file must hold."""
        return NOTICE + self.make().strip() + "\n"

    def write(self) -> bool:
        """Bring the file up to date; whether it was not."""
        text = self.text()
        if self.path.exists() and self.path.read_text("utf-8") == text:
            return False
        self.path.write_text(text, "utf-8")
        return True


PAGES = (
    Page("command-line", commands.page),
    Page("settings", settings.page),
    Page("metrics", metrics.page),
    Page("endpoints", endpoints.page),
    Page("lexicons", lexicons.page),
    Page("theme-contexts", contexts.page),
    Page("import-contracts", contracts.page),
)
