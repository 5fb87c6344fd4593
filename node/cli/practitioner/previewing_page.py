"""The pages of `module preview`: one file as a worker of a level sees it, beside the plain view and what lint says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote, urlencode

from node.authoring.render import render
from node.authoring.rendering.view import Rendered, View, web_link
from node.cli.publishing.collect import Source
from node.cli.terminal.output import counted
from node.services.learning.lessons.previewing import READERS, seen_by

_SHEETS = ("tokens", "elements", "frame", "forms", "pieces", "prose", "reading", "private", "tables")
_STYLE = """
.preview { max-inline-size: 92rem; margin: 0 auto; padding: 1rem 1.25rem 3rem; }
.preview nav { display: flex; flex-wrap: wrap; gap: .75rem; align-items: baseline; margin-block: .75rem; }
.preview nav a[aria-current] { font-weight: 700; text-decoration: none; }
.preview .sides { display: grid; gap: 2rem; }
@media (min-width: 60rem) { .preview .sides { grid-template-columns: 1fr 1fr; } }
.preview .side { min-inline-size: 0; }
.preview .side > h2 { font-size: 1rem; border-block-end: 1px solid currentColor; }
.preview .problems { font-size: .9375rem; }
.preview .error { font-weight: 700; }
"""
SCRIPT = """
const state = document.documentElement.dataset.state;
async function watch() {
  for (;;) {
    try {
      const answer = await fetch("/changes?since=" + encodeURIComponent(state));
      if (answer.ok && (await answer.text()) !== state) { location.reload(); return; }
    } catch { await new Promise((done) => setTimeout(done, 1000)); }
  }
}
watch();
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """One file, and the folder that is shown."""

    source: Source
    root: Path

    @property
    def name(self) -> str:
        """Its path below the folder."""
        return self.source.path.resolve().relative_to(self.root).as_posix()

    def picture(self, target: str) -> str | None:
        """Address of a picture beside the text."""
        file = (self.source.path.parent / target).resolve()
        return f"/files/{quote(file.relative_to(self.root).as_posix())}" if file.is_relative_to(self.root) else None

    def plain(self) -> Rendered:
        """As signed."""
        return render(self.source.document, View(picture=self.picture, link=web_link))

    def adapted(self, reader: str) -> tuple[Rendered, list[str]]:
        """As a worker of this level sees it, and what was changed for them."""
        return seen_by(self.source.document, reader, View(picture=self.picture, link=web_link))


def preview_page(draft: Draft, reader: str, state: str) -> str:
    """The file in two columns. An unknown reader is a novice."""
    reader = reader if reader in READERS else "novice"
    plain = draft.plain()
    adapted, changes = draft.adapted(reader)
    document = draft.source.document
    tabs = "".join(_tab(draft, name, current=name == reader) for name in READERS)
    body = (
        f"<h1>{escape(_visible(document.title))}</h1><p>{escape(_visible(document.front.text('description')))}</p>"
        f"{_problems(draft.source)}<nav aria-label='Reader'><span>As seen by:</span>{tabs}"
        "<a href='/?file='>All files</a></nav><div class='sides'>"
        f"{_side(f'For a worker who is {reader}', adapted, _list(changes, 'Nothing is changed for this reader.'))}"
        f"{_side('Plain, as you sign it', plain, '')}</div>"
    )
    return _page(document.title, body, state)


def list_page(drafts: Sequence[Draft], state: str, trouble: str = "") -> str:
    """Every file of a folder with the number of its problems."""
    rows = [
        f"<li><a href='/?{urlencode({'file': draft.name})}'>{escape(draft.source.document.title or draft.name)}</a> "
        f"<span class='soft'>{escape(draft.name)} · {_sum_up(draft.source)}</span></li>"
        for draft in drafts
    ]
    said = f"<p role='alert'>{escape(trouble)}</p>" if trouble else ""
    return _page("Preview", f"<h1>Preview</h1>{said}<ul>{''.join(rows)}</ul>", state)


def _tab(draft: Draft, name: str, *, current: bool) -> str:
    here = " aria-current='page'" if current else ""
    return f"<a href='/?{escape(urlencode({'file': draft.name, 'as': name}))}'{here}>{name}</a>"


def _side(title: str, shown: Rendered, below: str) -> str:
    language = f" lang='{escape(shown.language)}'" if shown.language else ""
    article = f"<article class='prose'{language} dir='{shown.direction}'>{shown.html}</article>"
    return f"<section class='side'><h2>{escape(title)}</h2>{article}{below}</section>"


def _sum_up(source: Source) -> str:
    errors = len(source.errors)
    return f"{counted(errors, 'error')}, {counted(len(source.problems) - errors, 'warning')}"


def _problems(source: Source) -> str:
    if not source.problems:
        return "<p class='problems'>Lint finds nothing wrong.</p>"
    rows = [
        f"<li class='{problem.severity}'>{problem.line}:{problem.column} {problem.severity} {escape(problem.code)}: "
        f"{escape(_visible(problem.message))}"
        + (f" Did you mean “{escape(_visible(problem.meant))}”?" if problem.meant else "")
        + "</li>"
        for problem in source.problems
    ]
    shown = " open" if source.errors else ""
    return f"<details class='problems'{shown}><summary>{_sum_up(source)}</summary><ul>{''.join(rows)}</ul></details>"


def _list(lines: Sequence[str], empty: str) -> str:
    rows = "".join(f"<li>{escape(_visible(line))}</li>" for line in lines)
    return f"<details><summary>What was changed</summary><ul>{rows or f'<li>{empty}</li>'}</ul></details>"


def _page(title: str, body: str, state: str) -> str:
    sheets = "".join(f"<link rel='stylesheet' href='/static/css/{name}.css'>" for name in _SHEETS)
    return (
        f"<!doctype html><html lang='en' data-state='{escape(state)}'><head><meta charset='utf-8'>"
        f"<meta name='viewport' content='width=device-width, initial-scale=1'><title>{escape(_visible(title))}</title>"
        f"{sheets}<style>{_STYLE}</style><script src='/preview.js' defer></script></head>"
        f"<body class='reading'><main class='preview'>{body}</main></body></html>"
    )


def _visible(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
