"""Errors of the node, one tree. A class's docstring is its message; `hint` says what to do next.

NodeError                     status 500, exit code 1
├── Refused                   422  the request is understood and cannot be done
│   ├── Malformed             400  the input is not of the form asked for
│   ├── Unknown               404  no such thing here
│   ├── TooSlow               408
│   ├── BrokenOff             400  who sent it went away before the end
│   ├── Conflict              409  somebody else changed it, or it exists
│   ├── TooLarge              413
│   ├── TooMany               429
│   ├── NotSignedIn           401
│   └── NotAllowed            403
├── ConfigurationError        a setting is missing or wrong; names the key
├── DataFolderError           the data folder cannot be used
│   ├── DataFolderBusy        another process holds it
│   ├── DataFolderNewer       written by a newer release
│   ├── TablesNotYet          those of the core are another release's
│   └── RestoreUnfinished     a restore was interrupted in it
├── StorageFailed             the disk or the database server failed; nothing of the request was kept
│   ├── DiskFull              507
│   ├── StoreReadOnly         503
│   ├── StoreDamaged          500
│   ├── StoreAway             503
│   └── BlobsAway             503
├── ShortOfMemory             503
├── PortTaken
└── Unreachable               502  a peer or directory does not answer
"""

from __future__ import annotations


class NodeError(Exception):
    """Something went wrong inside this node."""

    status = 500
    code = "NodeError"
    hint = ""

    def __init__(self, message: str = "", *, hint: str = "", code: str = "") -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        self.hint = hint or type(self).hint
        self.code = code or type(self).code
        super().__init__(self.message)

    @property
    def words(self) -> str:
        """Message and hint, where both are said in one breath."""
        return f"{self.message} {self.hint}".strip()


class Refused(NodeError):
    """That cannot be done."""

    status = 422
    code = "Refused"


class Malformed(Refused):
    """That is not of the form asked for."""

    status = 400
    code = "InvalidRequest"


class Unknown(Refused):
    """There is no such thing on this node."""

    status = 404
    code = "NotFound"


class TooSlow(Refused):
    """The request did not come to an end in time."""

    status = 408
    code = "RequestTimeout"
    hint = "Send it again, over a better line if need be."


class BrokenOff(Refused):
    """The request broke off before all of it was here."""

    status = 400
    code = "InvalidRequest"


class Conflict(Refused):
    """It exists already, or somebody else changed it meanwhile."""

    status = 409
    code = "Conflict"


class TooLarge(Refused):
    """That is larger than this node takes."""

    status = 413
    code = "TooLarge"


class TooMany(Refused):
    """Too many requests; wait a little."""

    status = 429
    code = "RateLimitExceeded"

    def __init__(self, message: str = "", *, retry_after: int = 60, hint: str = "") -> None:
        super().__init__(message, hint=hint or f"Try again in {retry_after} seconds.")
        self.retry_after = retry_after
        self.headers: dict[str, str] = {}


class NotSignedIn(Refused):
    """Sign in first."""

    status = 401
    code = "AuthenticationRequired"
    hint = "Sign in at /sign-in, or run `skillnet login URL`."


class NotAllowed(Refused):
    """You may not do that here."""

    status = 403
    code = "Forbidden"


class ConfigurationError(NodeError):
    """A setting is missing or wrong."""

    code = "Configuration"

    def __init__(self, key: str, message: str, *, hint: str = "") -> None:
        super().__init__(f"{key}: {message}", hint=hint or "`skillnet config` shows each value and where it came from.")
        self.key = key


class DataFolderError(NodeError):
    """The data folder cannot be used."""

    code = "DataFolder"


class DataFolderBusy(DataFolderError):
    """Another process is using this data folder."""

    hint = "Stop the other `skillnet serve`, or name another folder with --data."


class DataFolderNewer(DataFolderError):
    """This data folder was written by a newer release of SkillNet."""

    hint = "Upgrade skillnet-node; nothing was changed."


class TablesNotYet(DataFolderError):
    """The core's tables are those of another release."""

    hint = "Stop all processes of the node, then start those of one release."


class RestoreUnfinished(DataFolderError):
    """A restore into this data folder did not end: what is there is not a whole node."""

    hint = "Run `skillnet restore` again; it begins anew."


class StorageFailed(NodeError):
    """The node could not store or read what it should."""

    code = "StorageFailed"


class DiskFull(StorageFailed):
    """The node's disk is full: nothing of this was kept. What was acknowledged before is safe."""

    status = 507
    code = "DiskFull"
    hint = "Who runs the node must make room; it goes on by itself then."


class StoreReadOnly(StorageFailed):
    """The node's disk or database can only be read: nothing of this was kept. Reading goes on."""

    status = 503
    code = "StoreReadOnly"
    hint = "Who runs the node: is the disk mounted read-only, or the data folder somebody else's?"


class StoreDamaged(StorageFailed):
    """A part of the node's database is damaged and cannot be read."""

    code = "StoreDamaged"
    hint = "Who runs the node: `skillnet doctor` says where; then `skillnet restore` from the newest backup."


class StoreAway(StorageFailed):
    """The node's database server does not answer: nothing of this was kept."""

    status = 503
    code = "StoreAway"
    hint = "Try again in a moment; the node connects again by itself."


class BlobsAway(StorageFailed):
    """The node's storage of files does not answer: nothing of this was kept."""

    status = 503
    code = "BlobsAway"
    hint = "Try again in a moment. Who runs the node: `skillnet doctor` asks the storage of files."


class ShortOfMemory(NodeError):
    """The node has too little memory at the moment; nothing was done with this."""

    status = 503
    code = "ServiceUnavailable"
    hint = "Try again in a moment."


class PortTaken(NodeError):
    """The port is in use by another program."""

    code = "PortTaken"
    hint = "Choose another with --port."

    @classmethod
    def of(cls, port: int) -> PortTaken:
        """Says which."""
        return cls(f"Port {port} is in use by another program.")


class Unreachable(NodeError):
    """A peer or directory does not answer."""

    status = 502
    code = "UpstreamUnreachable"
