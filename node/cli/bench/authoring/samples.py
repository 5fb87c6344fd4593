"""What is measured: the modules of the starter catalogue, and many made of them."""

from __future__ import annotations

import re
from pathlib import Path


def samples() -> list[str]:
    """The modules of the starter catalogue."""
    import node.starter

    folder = Path(node.starter.__path__[0])
    return [path.read_text("utf-8") for path in sorted(folder.glob("*/modules/*.md"))]


def write_modules(folder: Path, documents: int) -> None:
    """Different modules made of the samples, one file each."""
    texts = samples()
    for number in range(documents):
        text = texts[number % len(texts)]
        name = f"measured-{number}"
        text = re.sub(r"(?m)^(name:) .*$", rf"\1 {name}", text, count=1)
        # What they refer to stays behind, as do their pictures.
        text = re.sub(r"(?m)^(?:tasks|requires|translationOf):.*\n", "", text)
        text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
        (folder / f"{name}.md").write_text(text, "utf-8")
