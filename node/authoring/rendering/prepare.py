"""Passes over the tokens between parsing and writing: task lists, quizzes, slots, faded steps."""

import re
from collections.abc import Collection

from markdown_it.token import Token

from node.authoring.body.block_rule import CLOSE, OPEN

_MARK = re.compile(r"\[([ xX])\][ \t]+")
_NEXT_CHOICE = re.compile(r"(?<![ \t])[ \t]++[-*+][ \t]+(?=\[[ xX]\][ \t])")


def mark_tasks(tokens: list[Token]) -> list[Token]:
    """Before inline parsing: `[x]` becomes a property of the item; several choices on one line become several items."""
    if not any(token.type == "inline" and token.content.startswith("[") for token in tokens):
        return tokens
    result: list[Token] = []
    quiz = 0
    stack: list[bool] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.type == OPEN:
            stack.append(token.meta["fence"].kind == "quiz")
        elif token.type == CLOSE:
            stack.pop()
        quiz = sum(stack)
        item = tokens[index : index + 5]
        if _is_task(item):
            result += _choices(item) if quiz else _one(item)
            index += 3
            continue
        result.append(token)
        index += 1
    return result


def _is_task(item: list[Token]) -> bool:
    kinds = [token.type for token in item[:3]]
    return kinds == ["list_item_open", "paragraph_open", "inline"] and bool(_MARK.match(item[2].content))


def _one(item: list[Token]) -> list[Token]:
    opening, paragraph, inline = item[:3]
    mark = _MARK.match(inline.content)
    assert mark
    opening.meta["task"] = mark[1] in "xX"
    inline.content = inline.content[mark.end() :]
    return [opening, paragraph, inline]


def _choices(item: list[Token]) -> list[Token]:
    """The last choice keeps the item's own tokens, whose closing ones follow in the stream."""
    opening, paragraph, inline = item[:3]
    *earlier, last = _NEXT_CHOICE.split(inline.content)
    result: list[Token] = []
    for text in earlier:
        copies = [opening.copy(meta={}), paragraph.copy(), inline.copy(content=text)]
        result += _one(copies)
        result += [
            Token("paragraph_close", "p", -1, hidden=paragraph.hidden, block=True),
            Token("list_item_close", "li", -1),
        ]
    inline.content = last
    return [*result, *_one([opening, paragraph, inline])]


def mark_quizzes(tokens: list[Token]) -> None:
    """Choices of a quiz become a lettered list that knows its right answers."""
    depth = 0
    stack: list[bool] = []
    lists: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type == OPEN:
            stack.append(token.meta["fence"].kind == "quiz")
        elif token.type == CLOSE:
            stack.pop()
        depth = sum(stack)
        if not depth:
            continue
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(token)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            token.meta["list"] = lists.pop() if lists else token
        elif token.type == "list_item_open" and "task" in token.meta and lists:
            _choice(lists[-1], token, tokens[index + 2])


def _choice(holder: Token, item: Token, inline: Token) -> None:
    choices = holder.meta.setdefault("choices", [])
    choices.append((item.meta["task"], inline))
    item.meta["choice"] = True


def mark_faded(tokens: list[Token], lines: Collection[int]) -> None:
    """List items that begin on one of these lines (from 0) are the reader's turn."""
    stack: list[bool] = []
    for token in tokens:
        if token.type == "list_item_open":
            stack.append(bool(token.map and token.map[0] in lines))
            token.meta["faded"] = stack[-1]
        elif token.type == "list_item_close" and stack:
            token.meta["faded"] = stack.pop()


def fold_slots(children: list[Token]) -> list[Token]:
    """Links to `slot:name` become one token each, with the author's word as its content."""
    if not any(
        child.type == "link_open" and str(child.attrs.get("href", "")).startswith("slot:") for child in children
    ):
        return children
    result: list[Token] = []
    slot: Token | None = None
    for child in children:
        target = str(child.attrs.get("href", "")) if child.type == "link_open" else ""
        if target.startswith("slot:"):
            slot = Token("slot", "span", 0, meta={"name": target[5:]})
        elif slot is not None and child.type == "link_close":
            result.append(slot)
            slot = None
        elif slot is not None:
            slot.content += child.content or (" " if child.type in ("softbreak", "hardbreak") else "")
        else:
            result.append(child)
    return result
