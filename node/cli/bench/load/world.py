"""What the users find: a node with modules."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from node.authoring.parse import parse_module
from node.cli.bench.authoring.publishing import publish_folder, signed_in
from node.cli.bench.authoring.samples import samples, write_modules
from node.cli.bench.running import Running
from node.cli.terminal.progress import silent


@dataclass(frozen=True, slots=True)
class World:
    """What can be asked for: the author's DID, names of modules, occupations that they serve."""

    did: str
    modules: tuple[str, ...]
    occupations: tuple[str, ...]
    words: tuple[str, ...]


def publish_world(node: Running, modules: int) -> World:
    """Publish modules made of the starter catalogue's, as `module publish` does."""
    with tempfile.TemporaryDirectory(prefix="skillnet-load-") as made:
        write_modules(Path(made), modules)
        with signed_in(node) as repository:
            publish_folder(Path(made), repository, silent)
    documents = [parse_module(text) for text in samples()]
    occupations = {code for document in documents for code in document.front.data.get("occupations", ())}
    words = {word.lower() for document in documents for word in document.title.split() if len(word) > 3}
    names = tuple(f"measured-{number}" for number in range(modules))
    return World(repository.did, names, tuple(sorted(occupations)), tuple(sorted(words)))
