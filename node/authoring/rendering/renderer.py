# ruff: noqa: ARG002  the parser calls every rule with the same arguments
"""Tokens to HTML. One instance renders one document in one view."""

from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from inspect import getmembers, isfunction
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from node.authoring.document import Block, Heading
from node.authoring.rendering.code import highlighted
from node.authoring.rendering.maths import maths
from node.authoring.rendering.raw_html import RawHtml
from node.authoring.rendering.view import View, Visibility, direction_of
from node.authoring.vocabulary import TEXT

_AT_HOME = ("http://", "https://", "mailto:", "tel:", "#")


@cache
def _own_rules() -> tuple[str, ...]:
    """As RendererHTML finds them, which looks for them at every rendering."""
    return tuple(name for name, _ in getmembers(Html, isfunction) if not name.startswith(("render", "_")))


class Html(RendererHTML):
    """`blocks` and `headings` are found by their line (from 0) in the body; `slots` holds the words to fill in."""

    def __init__(
        self,
        rules: Mapping[str, Any],
        view: View,
        blocks: Mapping[int, Block],
        headings: Mapping[int, Heading],
        slots: Mapping[str, str],
    ) -> None:
        own = {name: getattr(self, name) for name in _own_rules()}
        self.rules = {**rules, **own}  # plug-ins' rules first, ours win
        for name in ("footnote_ref", "footnote_block_open"):
            self.rules[name] = rules[name]
        self._view = view
        self._blocks = blocks
        self._headings = headings
        self._slots = slots
        self._raw = RawHtml(self._picture)

    def forget(self) -> None:
        """To be called in the end: its rules are its methods, a ring that holds the document until it is collected."""
        self.rules.clear()
        del self._raw

    # Blocks

    def block_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        block = self._blocks[tokens[idx].map[0]]  # type: ignore[index]  # opening fences always have a line
        return self._open_block(block, self._visibility(block))

    def block_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        block = self._blocks[tokens[idx].meta["opening"].map[0]]
        return self.end_raw() + ("</section>\n" if self._visibility(block) == "shown" else "</div></details>\n")

    def wrap(self, block: Block, html: str) -> str:
        """A run of text that is not shown as it stands."""
        visibility = self._visibility(block)
        return html if visibility == "shown" else f"{self._open_block(block, visibility)}{html}</div></details>\n"

    def end_raw(self) -> str:
        return self._raw.close_all()

    def _visibility(self, block: Block) -> Visibility:
        return self._view.visibility.get(block.id, "shown") if self._view.mode == "adapted" else "shown"

    def _open_block(self, block: Block, visibility: Visibility) -> str:
        label = self._label(block)
        classes = f"block block-{escape(block.kind)}{_more(block, visibility)}"
        shared = f'class="{classes}" id="{escape(block.id)}"{_language(block)}'
        name = escape(block.title or label)
        if visibility == "shown":
            title = f'<p class="block-title">{name}</p>\n'
            return f'<section {shared} data-kind="{escape(block.kind)}" aria-label="{name}">\n{title}'
        if visibility == "hidden":
            name = escape(self._view.labels.left_out.format(kind=block.title or label))
        return f'<details {shared}><summary>{name}</summary><div class="block-body">\n'

    def _label(self, block: Block) -> str:
        kinds = self._view.labels.kinds
        if block.kind == TEXT:
            return block.heading or kinds.get(TEXT, "")
        return kinds.get(block.kind) or block.name.capitalize()

    # Headings, lists, tables

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        heading = self._headings.get(token.map[0]) if token.map else None
        anchor = f' id="{escape(heading.id)}"' if heading else ""
        return f"<{self._heading_tag(token)}{anchor}>"

    def heading_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f"</{self._heading_tag(tokens[idx])}>\n"

    def _heading_tag(self, token: Token) -> str:
        return f"h{min(int(token.tag[1:]) + self._view.heading_shift, 6)}"

    def bullet_list_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return '<ol class="choices" type="A">\n' if "choices" in tokens[idx].meta else "<ul>\n"

    def bullet_list_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        opening = tokens[idx].meta.get("list")
        if opening is None or "choices" not in opening.meta:
            return "</ul>\n"
        right = [
            f"<li>{chr(65 + number % 26)}. {self.renderInline(inline.children or (), options, env)}</li>"
            for number, (is_right, inline) in enumerate(opening.meta["choices"])
            if is_right
        ]
        summary = f"<summary>{escape(self._view.labels.answer)}</summary>"
        return f'</ol>\n<details class="answer">{summary}<ul>{"".join(right)}</ul></details>\n'

    def list_item_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        meta = tokens[idx].meta
        if meta.get("faded"):
            return f'<li class="your-turn"><details><summary>{escape(self._view.labels.your_turn)}</summary>'
        if "choice" in meta:
            return '<li class="choice">'
        if "task" in meta:
            checked = " checked" if meta["task"] else ""
            return f'<li class="task"><input type="checkbox" disabled{checked}> '
        return "<li>"

    def list_item_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</details></li>\n" if tokens[idx].meta.get("faded") else "</li>\n"

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return '<div class="table" tabindex="0"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</table></div>\n"

    # Code and maths

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        info = tokens[idx].info.strip().split(maxsplit=1)
        language = info[0].strip("{}.") if info else ""
        named = f' class="language-{escape(language)}"' if language else ""
        return (
            f'<pre class="code" tabindex="0"><code{named}>{highlighted(tokens[idx].content, language)}</code></pre>\n'
        )

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<pre class="code" tabindex="0"><code>{escape(tokens[idx].content, quote=False)}</code></pre>\n'

    def math_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return maths(tokens[idx].content, display=False)

    def math_inline_double(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return maths(tokens[idx].content, display=True)

    def math_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f"<p>{maths(tokens[idx].content, display=True)}</p>\n"

    math_block_label = math_block

    # Inline

    def slot(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        name, written = tokens[idx].meta["name"], tokens[idx].content
        return f'<span class="slot" data-slot="{escape(name)}">{escape(self._slots.get(name, written))}</span>'

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        target = str(token.attrs.get("href", ""))
        address = self._view.link(target) or (target if target.startswith(_AT_HOME) else None)
        title = f' title="{escape(str(token.attrs["title"]))}"' if token.attrs.get("title") else ""
        href = f' href="{escape(address)}"' if address else ' class="link-elsewhere"'
        return f"<a{href}{title}>"

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        alt = self.renderInlineAsText(token.children or [], options, env)
        title = str(token.attrs.get("title") or "")
        return self._picture(str(token.attrs.get("src", "")), alt, title)

    def _picture(self, target: str, alt: str, title: str = "") -> str:
        """Nothing is ever fetched from elsewhere on a reader's behalf: the resolver alone gives addresses."""
        address = self._view.picture(target) if target else None
        if address is None:
            return f'<span class="picture-missing">{escape(self._view.labels.picture.format(alt=alt or target))}</span>'
        named = f' title="{escape(title)}"' if title else ""
        return f'<img src="{escape(address)}" alt="{escape(alt)}"{named} loading="lazy" decoding="async">'

    def html_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return self._raw.filter(tokens[idx].content)

    def html_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return self._raw.filter(tokens[idx].content)


def _more(block: Block, visibility: Visibility) -> str:
    name = f" block-named-{escape(block.name)}" if block.kind == "other" and block.name.isascii() else ""
    return name + {"shown": "", "collapsed": " block-collapsed", "hidden": " block-left-out"}[visibility]


def _language(block: Block) -> str:
    language = block.attributes.get("lang", "")
    direction = block.attributes.get("dir", "") or (direction_of(language) if language else "")
    return (f' lang="{escape(language)}"' if language else "") + (f' dir="{escape(direction)}"' if direction else "")
