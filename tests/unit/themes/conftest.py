"""The samples are a package of this folder; test folders are no packages, so its place is named here."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
