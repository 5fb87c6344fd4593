"""`bench authoring`: reading, checking, showing and publishing, measured."""
