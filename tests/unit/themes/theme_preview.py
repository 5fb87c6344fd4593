"""Renders every sample to a folder for a browser: `python tests/unit/themes/theme_preview.py FOLDER [THEME]`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from theme_samples import all_pages

from node.web.rendering import Rendering


def write_preview(folder: Path, theme: str) -> None:
    """One HTML file for each sample, with the static files beside them."""
    rendering = Rendering(theme)
    for path in rendering.static_paths():
        target = folder / rendering.static_url(path).lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        if file := rendering.find_static(path):
            target.write_bytes(file.path.read_bytes())
    for name, page in all_pages().items():
        html = rendering.render(page).replace('"/static/', '"static/')
        (folder / f"{name}.html").write_text(html, encoding="utf-8")


if __name__ == "__main__":
    write_preview(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "default")
