"""Adds likeness of meaning to the lookup of occupations, where the operator names a model.

Encoding every job title takes minutes: it is done in a process of its own, kept in a file, and done again when the
model or the reference data change. Until then, and without a model, occupations are found by words.
"""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from node.logs import get_logger
from node.services.heavy import HeavyWork
from node.services.reference.looking.kept import KeptFile

if TYPE_CHECKING:
    from node.search.lookup.lookup import Lookup


class MeaningAside:
    """One model for one node. `where` is a folder or an endpoint's address."""

    def __init__(self, where: str, key: str, folder: Path) -> None:
        self._where = where
        self._key = key
        self._kept = KeptFile(folder, "meaning")
        self._log = get_logger("meaning")

    def attach(self, lookup: Lookup) -> None:
        """Begin in the background; nothing happens without a model or entries."""
        if self._where and len(lookup):
            threading.Thread(target=self._attach, args=(lookup,), name="meaning", daemon=True).start()

    def _attach(self, lookup: Lookup) -> None:
        from node.search.lookup.meanings import Meanings, text_of
        from node.search.meaning.loading import load_model

        try:
            model = load_model(self._where, self._key)
            names = [name for entry in lookup.entries for name in entry.names]
            texts = [text_of(entry) for entry in lookup.entries]
            vectors = self._vectors(model.name, [*names, *texts])
            counts = [len(entry.names) for entry in lookup.entries]
            lookup.attach(Meanings(model, vectors[: len(names)], vectors[len(names) :], counts))
            self._log.info("occupations are found by meaning too", names=len(names))
        except Exception as error:  # noqa: BLE001 - optional: words find all the same; the operator sees why
            self._log.error("the model for meanings is not used", error=str(error))

    def _vectors(self, model: str, texts: list[str]) -> Any:
        import numpy as np

        digest = hashlib.sha256("\0".join([model, *texts]).encode()).hexdigest()
        if (path := self._kept.find(digest)) is not None:
            try:
                return np.load(path, mmap_mode="r")
            except (ValueError, EOFError, OSError) as error:
                self._log.warning("the vectors that were kept are made again", error=str(error))
        return np.load(self._kept.keep(digest, self._encoded(texts)), mmap_mode="r")

    def _encoded(self, texts: list[str]) -> bytes:
        apart = HeavyWork()  # one of its own: it works for minutes
        try:
            return apart.run(encode, self._where, self._key, texts)
        finally:
            apart.stop()


def encode(where: str, key: str, texts: list[str]) -> bytes:
    """In that process: vectors as a file of numpy."""
    import io

    import numpy as np

    from node.search.meaning.loading import load_model

    file = io.BytesIO()
    np.save(file, load_model(where, key).encode(texts))
    return file.getvalue()
