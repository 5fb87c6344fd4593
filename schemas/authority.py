"""The one place that names who defines the lexicons, and the ids of the record types.

Before a public launch the domain behind `AUTHORITY` (`skillnet.org`) must be owned and its `_lexicon` DNS record set.
"""

from typing import Final

AUTHORITY: Final = "org.skillnet"

MODULE: Final = f"{AUTHORITY}.module"
MODULE_VERSION: Final = f"{AUTHORITY}.moduleVersion"
TASK: Final = f"{AUTHORITY}.task"
TASK_VERSION: Final = f"{AUTHORITY}.taskVersion"
PATH: Final = f"{AUTHORITY}.path"
PATH_VERSION: Final = f"{AUTHORITY}.pathVersion"
ENDORSEMENT: Final = f"{AUTHORITY}.endorsement"
SUGGESTION: Final = f"{AUTHORITY}.suggestion"
SKILL: Final = f"{AUTHORITY}.skill"
VOUCH: Final = f"{AUTHORITY}.vouch"
CREDENTIAL: Final = f"{AUTHORITY}.credential"
PROFILE: Final = f"{AUTHORITY}.profile"
NODE: Final = f"{AUTHORITY}.node"

RECORD_TYPES: Final = (
    MODULE,
    MODULE_VERSION,
    TASK,
    TASK_VERSION,
    PATH,
    PATH_VERSION,
    ENDORSEMENT,
    SUGGESTION,
    SKILL,
    VOUCH,
    CREDENTIAL,
    PROFILE,
    NODE,
)
