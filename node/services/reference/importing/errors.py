"""What can be wrong with published files. Each names the file and line; nothing of the import is kept.

ReferenceInvalid
├── FilesMissing     a file that is needed is not in the folder
├── EncodingWrong    not UTF-8
├── ColumnMissing    the header lacks a column
├── RowCutOff        a row or file that ends too early
├── ValueWrong       a value not of its form
├── IdTwice          two rows of one id
├── ReleaseUnknown   which release it is cannot be told
├── ReleasesMixed    files of several releases in one folder
└── ReleaseOlder     an older release than the one in use
"""

from __future__ import annotations

from node.errors import Malformed


class ReferenceInvalid(Malformed):
    """Reference data cannot be read."""

    hint = "Nothing was imported; what was here before is unchanged."

    def __init__(self, place: str = "", detail: str = "") -> None:
        self.place, self.detail = place, detail
        said = (type(self).__doc__ or "").strip()
        super().__init__(f"{place}: {detail or said}" if place else detail or said, code=type(self).__name__)

    def __reduce__(self) -> tuple[type[ReferenceInvalid], tuple[str, str]]:
        """Errors come back from the worker process."""
        return type(self), (self.place, self.detail)


class FilesMissing(ReferenceInvalid):
    """A file that is needed is not there."""

    hint = "Unpack the release as published into one folder and name that folder. Nothing was imported."


class EncodingWrong(ReferenceInvalid):
    """This is not UTF-8 text."""

    hint = "Take the file as published, or save it as UTF-8. Nothing was imported."


class ColumnMissing(ReferenceInvalid):
    """The header lacks a column."""


class RowCutOff(ReferenceInvalid):
    """The file ends too early, or a row has not as many columns as the header."""

    hint = "The file looks truncated: fetch it again. Nothing was imported."


class ValueWrong(ReferenceInvalid):
    """A value is not of its form."""


class IdTwice(ReferenceInvalid):
    """The same id stands in two rows."""


class ReleaseUnknown(ReferenceInvalid):
    """Which release this is cannot be told."""

    hint = "Name it with --release, such as --release 29.3. Nothing was imported."


class ReleasesMixed(ReferenceInvalid):
    """The files are not of one release, or one of them is cut off."""

    hint = "Put the files of one release, complete, into a folder of their own. Nothing was imported."


class ReleaseOlder(ReferenceInvalid):
    """This release is older than the one in use."""

    hint = "--older imports it all the same. Nothing was imported."
