import gc
from html.parser import HTMLParser

import pytest

from node.authoring.parse import parse_module
from node.authoring.render import render
from node.authoring.rendering.renderer import Html
from node.authoring.rendering.view import View


def html(body: str, **view: object) -> str:
    return render(parse_module(body), View(**view)).html


def test_plain_shows_every_block_as_written(module_text: str) -> None:
    document = parse_module(module_text)
    rendered = render(document)
    for block in document.blocks:
        if block.kind != "text":
            assert f'<section class="block block-{block.kind}" id="{block.id}"' in rendered.html
    assert '<span class="slot" data-slot="artifact">the report</span>' in rendered.html
    assert rendered.headings == ((3, "Three ways", "three-ways"),)
    assert '<h3 id="three-ways">Three ways</h3>' in rendered.html


def test_adapted_collapses_hides_fades_and_fills(module_text: str) -> None:
    rendered = render(
        parse_module(module_text),
        View(
            mode="adapted",
            visibility={"novice-three-ways": "hidden", "hint-three-ways": "collapsed", "text-three-ways": "collapsed"},
            steps={"example-three-ways": 1},
            slots={"artifact": "a credit memo"},
            picture=lambda path: f"/blobs/{path}",
        ),
    ).html
    assert '<details class="block block-novice block-left-out" id="novice-three-ways"><summary>Left out' in rendered
    assert "Go slowly." in rendered  # left out, yet there for whoever asks
    assert '<details class="block block-hint block-collapsed"' in rendered
    assert '<details class="block block-text block-collapsed"' in rendered
    assert rendered.count('class="your-turn"') == 2
    assert ">a credit memo</span>" in rendered
    assert '<img src="/blobs/img/table.png" alt="A table with three rows"' in rendered


def test_a_slot_takes_only_declared_words(module_text: str) -> None:
    document = parse_module(module_text)
    for wish in ("anything else", "<b>x</b>"):
        assert ">the report</span>" in render(document, View(mode="adapted", slots={"artifact": wish})).html


def test_order_moves_only_the_named_blocks() -> None:
    body = "::: {#a .hint}\nA\n:::\n\nText\n\n::: {#b .hint}\nB\n:::\n\n::: {#c .hint}\nC\n:::\n"
    rendered = html(body, mode="adapted", order=("c", "a"))
    assert [rendered.index(f'id="{name}"') for name in "cba"] == sorted(
        rendered.index(f'id="{name}"') for name in "cba"
    )
    assert rendered.index('id="c"') < rendered.index("Text") < rendered.index('id="b"')


def test_a_quiz_hides_its_answer_behind_a_question() -> None:
    rendered = html("::: quiz\nWhich?\n\n- [ ] one  - [x] **two**\n- [ ] three\n:::\n")
    assert rendered.count('<li class="choice">') == 3
    assert '<ol class="choices" type="A">' in rendered
    assert (
        '<details class="answer"><summary>Show the answer</summary><ul><li>B. <strong>two</strong></li></ul></details>'
        in rendered
    )
    assert "<input" not in rendered
    assert "[x]" not in rendered


ATTACKS = """\
<script>alert(1)</script>
<img src=x onerror=alert(1)>
[x](javascript:alert(1))
<a href="javascript:alert(1)">x</a>
<iframe src=https://e.vil></iframe>
<p style="position:fixed">x</p>
<svg onload=alert(1)>
<form action=/x><button>x</button></form>
<a href="data:text/html,x">x</a>
![x](https://e.vil/p.png)
<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>
<div class="block" id="p1">x</div>
<base href=https://e.vil>
<meta http-equiv=refresh content=0>
<link rel=stylesheet href=x>
::: {#"><script>alert(1)</script> .hint}
```"><script>alert(1)</script>
[x](slot:"><script>alert(1)</script>)
<details ontoggle=alert(1) open>x
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<a href="  jav&#x09;ascript:alert(1)">x</a>
<img src="javascript:alert(1)" alt="x">
"""
FORBIDDEN = {
    "script",
    "iframe",
    "svg",
    "form",
    "style",
    "base",
    "meta",
    "link",
    "button",
    "noscript",
    "object",
    "embed",
}


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("attack", ATTACKS.splitlines())
def test_nothing_unsafe_leaves(attack: str) -> None:
    rendered = html(f"{attack}\n\nText {attack} text.\n", picture=lambda path: None if "//" in path else path)
    for tag, attributes in Elements(rendered).found:
        assert tag not in FORBIDDEN
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        assert not (attributes.get("href") or "").strip().lower().startswith(("javascript", "data"))
        assert not (attributes.get("src") or "").lower().startswith(("javascript", "data", "http"))
        assert attributes.get("id") != "p1"


def test_an_authors_html_cannot_break_out_of_a_block() -> None:
    rendered = html(
        "::: hint\n</section></div></details><details>\n:::\n\nAfter\n",
        mode="adapted",
        visibility={"hint": "collapsed"},
    )
    assert rendered.count("<details") == rendered.count("</details>") == 2
    assert rendered.rindex("</details>") < rendered.index("After")


def test_code_is_coloured_and_kept() -> None:
    rendered = html("```python\nif a < b: pass\n```\n\n```nonsense\n<b>\n```\n")
    assert '<span class="k">if</span>' in rendered
    assert "&lt;b&gt;" in rendered


def test_commonmark_and_its_additions() -> None:
    rendered = html("~~a~~ [^1]\n\n| a |\n|---|\n| b |\n\n- [x] done\n\n[^1]: Note.\n")
    for part in (
        "<s>a</s>",
        '<section class="footnotes">',
        "<td>b</td>",
        '<input type="checkbox" disabled="" checked="">',
    ):
        assert part in rendered


def test_languages_and_directions() -> None:
    assert render(parse_module("---\nlanguage: ar\n---\nنص\n")).direction == "rtl"
    assert 'lang="he" dir="rtl"' in html("::: {.hint lang=he}\nטקסט\n:::\n")


def test_rendering_twice_gives_the_same(module_text: str) -> None:
    document = parse_module(module_text)
    assert render(document) == render(document)


def test_undecodable_bytes_do_not_stop_rendering() -> None:
    assert "caf" in render(parse_module(b"caf\xe9\n")).html


def test_no_ring_holds_a_document_until_it_is_collected(module_text: str) -> None:
    def held() -> int:
        return sum(isinstance(one, Html) for one in gc.get_objects())

    gc.collect()
    gc.disable()
    try:
        before = held()
        render(parse_module(module_text))
        assert held() == before
    finally:
        gc.enable()
