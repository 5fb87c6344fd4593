"""The browser's recovery key is one that the federation code can read. Runs the real script under node."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import themes
from federation.keys import VerifyingKey

SCRIPT = Path(themes.__file__).parent / "default" / "static" / "js" / "recovery-key.js"
HARNESS = "globalThis.document={querySelectorAll:()=>[]};\n%s\nmakeKey().then(k=>console.log(JSON.stringify(k)))"


@pytest.mark.skipif(not shutil.which("node"), reason="needs node")
def test_public_part_fits_the_secret_part() -> None:
    source = HARNESS % SCRIPT.read_text(encoding="utf-8")
    done = subprocess.run(["node", "-e", source], capture_output=True, text=True, check=True, timeout=20)
    key = json.loads(done.stdout)
    secret = ec.derive_private_key(int(key["secret"], 16), ec.SECP256R1())
    point = secret.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    assert len(key["secret"]) == 64
    assert key["public"] == VerifyingKey.parse_did_key(key["public"]).did_key
    assert _decoded(key["public"].removeprefix("did:key:z")) == b"\x80\x24" + point


def _decoded(base58: str) -> bytes:
    number = 0
    for letter in base58:
        number = number * 58 + "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".index(letter)
    return number.to_bytes(35, "big")
