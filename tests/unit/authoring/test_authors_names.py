"""How authors' names are spelt, made and resolved."""

import pytest

from node.authoring.names import is_name, likely_name, module_address


@pytest.mark.parametrize("text", ["a", "read-a-note", "2-of-3", "a" * 64])
def test_names(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize("text", ["", "-a", "a-", "a--b", "A", "a b", "ä", "a\n", "a" * 65])
def test_other_words(text: str) -> None:
    assert not is_name(text)


def test_words_make_a_name_where_they_can() -> None:
    assert likely_name("Read *this*", "", "Übung 2") == "read-this-bung-2"
    assert is_name(likely_name("word " * 20, "more " * 20))
    assert likely_name("读") == ""


def test_a_module_is_named_by_address_or_as_its_author_calls_it() -> None:
    assert module_address("at://did:plc:b/org.skillnet.module/x", "did:plc:a") == "at://did:plc:b/org.skillnet.module/x"
    assert module_address("x", "did:plc:a") == "at://did:plc:a/org.skillnet.module/x"
