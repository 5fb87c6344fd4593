"""What an error of the language model tells."""

from __future__ import annotations

import pytest

from node.services.learning.lessons.language_model import LanguageModel, ModelFailed


@pytest.mark.parametrize("key", ["zq-kéy", "zq-key\n"])
@pytest.mark.parametrize("url", ["http://127.0.0.1:1/v1", "http://[zq-no-address/v1", "nowhere"])
def test_a_key_or_an_address_that_is_none_fails_and_tells_no_key(url: str, key: str) -> None:
    asked = LanguageModel(url, "small", key)
    with pytest.raises(ModelFailed) as refused:
        asked.ask([], lambda: None)
    assert "zq-" not in str(refused.value)
    assert key.strip() not in repr(asked)
    assert refused.value.__suppress_context__
