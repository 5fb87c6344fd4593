"""The body of a document: CommonMark with tables, task lists, footnotes, maths and fenced blocks."""
