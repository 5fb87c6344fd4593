"""From a page's context to HTML: themes, their templates and static files.

A theme is a folder `<name>/templates` and `<name>/static`. What a theme leaves out comes from `default`, file by file.
"""

import hashlib
import mimetypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from node.web import wording
from node.web.contexts.site import Page
from node.web.wording import Wording

DEFAULT_THEME = "default"
DIGEST_LENGTH = 12


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file that a theme serves; its address changes with its content, so that it may be cached for ever."""

    path: Path
    digest: str
    media_type: str


class ThemeMissing(LookupError):
    """No theme of this name."""


class Rendering:
    """Renders pages in one theme.

    `folders` are searched for themes before the built-in ones. `translations` maps a language to its phrases, keyed by
    the English ones; what is missing stays English. Raises ThemeMissing.
    """

    def __init__(
        self,
        theme: str = DEFAULT_THEME,
        folders: Sequence[Path] = (),
        translations: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self._chain = [_theme_folder(name, folders) for name in dict.fromkeys((theme, DEFAULT_THEME))]
        self._translations = translations or {}
        self._environments: dict[str, Environment] = {}

    def render(self, page: Page) -> str:
        """The page as HTML, in the language of its site."""
        environment = self.environment(page.site.language)
        template = environment.get_template(page.template)
        context = template.new_context({"site": page.site, "page": page})
        try:
            return environment.concat(template.root_render_func(context))  # as Template.render
        except Exception:  # noqa: BLE001 - it raises it again, with the template's lines
            environment.handle_exception()
        finally:
            context.vars.clear()  # the template's own macros know it: a ring that holds the page until it is collected

    def environment(self, language: str) -> Environment:
        """The Jinja environment of a language, because phrases are bound to it; one for all untranslated languages."""
        language = language if language in self._translations else ""
        if language not in self._environments:
            self._environments[language] = self._new_environment(language)
        return self._environments[language]

    def static_url(self, path: str) -> str:
        """The address of a static file. Raises KeyError for a file that no theme of the chain has."""
        return f"/static/{self._statics[path].digest}/{path}"

    def static_paths(self) -> list[str]:
        """Every static file of the chain, sorted."""
        return sorted(self._statics)

    def find_static(self, path: str) -> StaticFile | None:
        """The file behind `/static/<digest>/<path>`; only what was there at the start is ever found."""
        return self._statics.get(path)

    def _new_environment(self, language: str) -> Environment:
        known = self._translations.get(language, {})
        phrases = Wording(lambda text: known.get(text, text))
        environment = Environment(
            loader=FileSystemLoader([folder / "templates" for folder in self._chain]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.globals.update(t=phrases.t, count=phrases.count, static=self.static_url)
        environment.filters.update(_filters(phrases))
        return environment

    @cached_property
    def _statics(self) -> dict[str, StaticFile]:
        found: dict[str, StaticFile] = {}
        for folder in reversed(self._chain):
            static = folder / "static"
            found.update((p.relative_to(static).as_posix(), _static_file(p)) for p in static.rglob("*") if p.is_file())
        return found


def _theme_folder(name: str, folders: Sequence[Path]) -> Path:
    for parent in (*folders, Path(str(files("themes")))):
        if (folder := parent / name).is_dir() and name.isidentifier():
            return folder
    raise ThemeMissing(name)


def _static_file(path: Path) -> StaticFile:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:DIGEST_LENGTH]
    media_type, _ = mimetypes.guess_type(path.name)
    return StaticFile(path, digest, media_type or "application/octet-stream")


def _filters(phrases: Wording) -> dict[str, Callable[..., str]]:
    return {
        "day": phrases.day,
        "decimal": phrases.decimal,
        "direction": wording.direction,
        "file_size": wording.file_size,
        "machine_time": wording.machine_time,
        "minutes": phrases.minutes,
        "moment": phrases.moment,
        "number": wording.number,
        "percent": phrases.percent,
        "span": phrases.span,
    }
