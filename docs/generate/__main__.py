"""Write every generated page."""

from __future__ import annotations

import sys

from docs.generate.pages import FOLDER, PAGES

FOLDER.mkdir(exist_ok=True)
for page in PAGES:
    changed = page.write()
    sys.stdout.write(f"{'wrote' if changed else 'same '} docs/reference/{page.path.name}\n")
