"""The head of a document: YAML between two lines of `---`, read with the position of every value."""
