"""Write a document back: the bytes that were read, except where something was edited."""

from node.authoring.document import Document


def write(document: Document) -> str:
    """The source. Parsing it again gives the same document."""
    return document.source


def write_bytes(document: Document) -> bytes:
    """The source as bytes, stray bytes of a file that was not UTF-8 included."""
    return document.source.encode("utf-8", "surrogateescape")
