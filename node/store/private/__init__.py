"""PRIVATE queries, of workers: only the learning services come here."""
