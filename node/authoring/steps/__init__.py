"""The steps of a task in Markdown: an ordered list whose items carry a small front matter of their own."""
