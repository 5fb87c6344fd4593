"""Work for later: a persistent table, retry with backoff, a schedule, clean shutdown, heavy work in its own process."""
