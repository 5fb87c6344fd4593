"""Work again and again: a schedule in a table, retry with backoff, clean shutdown."""
