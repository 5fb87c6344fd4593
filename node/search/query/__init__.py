"""The query language: words, "phrases", -exclusion, field:value."""
