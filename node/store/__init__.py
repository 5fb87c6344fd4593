"""The only place that speaks SQL: tables, one writer, reading sessions, and queries by noun."""
