"""Recovery keys: made on the person's own machine, so that no node can hold on to an identity against its owner."""

from __future__ import annotations

import json
from pathlib import Path

from node.cli.reaching.folders import config_folder
from node.cli.reaching.logins import save_private

FOLDER_NAME = "recovery-keys"


def make_recovery_key(folder: Path | None, name: str) -> str:
    """Generate a P-256 key, save it under `folder` for its owner alone, and return its public half as did:key.

    A key saved under `name` before is used again, so that a failed attempt leaves no stray keys behind.
    """
    from federation.keys import SigningKey

    path = key_path(folder, name)
    if path.exists():
        return SigningKey.from_bytes(bytes.fromhex(json.loads(path.read_text("utf-8"))["private"])).did_key
    key = SigningKey.generate()
    facts = {"for": name, "curve": "P-256", "public": key.did_key, "private": key.to_bytes().hex()}
    save_private(path, json.dumps(facts, indent=2) + "\n")
    return key.did_key


def key_path(folder: Path | None, name: str) -> Path:
    """Where the key is, or would be."""
    return (folder or config_folder() / FOLDER_NAME) / f"{name}.json"
