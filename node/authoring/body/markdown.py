"""The Markdown parsers: one configuration, shared by reading (blocks only) and rendering (everything)."""

from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore, text_join
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_tail

from node.authoring import limits
from node.authoring.body.block_rule import use_blocks
from node.authoring.body.bounds import BoundedBlocks
from node.authoring.body.dispatch import ByFirstCharacter
from node.authoring.body.html_rule import use_html_blocks
from node.authoring.body.states import OutlineState, QuickState


@lru_cache(maxsize=1)
def markdown() -> MarkdownIt:
    """CommonMark 0.31 with tables, strikethrough, footnotes, dollar maths and our blocks."""
    md = plain_markdown()
    rules, md.block = md.block.ruler, BoundedBlocks()
    md.block.ruler = ByFirstCharacter(rules)
    return md


def plain_markdown() -> MarkdownIt:
    """The same language, as the library reads it: every rule is asked about every line."""
    md = MarkdownIt("commonmark", {"maxNesting": limits.LIST_DEPTH})
    md.enable(["table", "strikethrough"])
    md.use(footnote_plugin, inline=False, move_to_end=True)
    md.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    use_blocks(md)
    use_html_blocks(md)
    return md


def block_tokens(body: str, env: dict[str, object]) -> list[Token]:
    """Block structure only, a quarter of the work of a whole parse. Inline text stays unread in its tokens."""
    return _tokens(QuickState, body, env)


def outline_tokens(body: str, env: dict[str, object]) -> list[Token]:
    """Of the block structure what an outline is made of; nesting is right, but for paragraphs, which have no end."""
    return _tokens(OutlineState, body, env)


def _tokens(kind: type[StateBlock], body: str, env: dict[str, object]) -> list[Token]:
    md = markdown()
    # What the parser's "normalize" step does, without its two passes over text that needs none.
    source = body.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd") if _odd(body) else body
    tokens: list[Token] = []
    state = kind(source, md, env, tokens)
    md.block.tokenize(state, 0, state.lineMax)
    return tokens


def finish_tokens(tokens: list[Token], env: dict[str, object]) -> list[Token]:
    """Read the inline text of block tokens and move footnotes to the end.

    Overlong paragraphs stay plain text, and so do those with brackets where the document had too many already.
    """
    md = markdown()
    brackets = 0
    for token in tokens:
        if token.type != "inline":
            continue
        token.children = []
        here = token.content.count("[")
        brackets += here
        if _is_too_much(token.content) or (here and brackets > limits.BRACKETS):
            token.children.append(Token("text", "", 0, content=token.content))
        else:
            md.inline.parse(token.content, md, env, token.children)
    state = StateCore("", md, env, tokens)
    footnote_tail(state)
    text_join(state)
    return state.tokens


def _is_too_much(paragraph: str) -> bool:
    return len(paragraph) > limits.PARAGRAPH_CHARACTERS or paragraph.count("<!--") > limits.COMMENTS


def _odd(body: str) -> bool:
    return "\r" in body or "\0" in body
