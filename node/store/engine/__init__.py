"""Below the queries: the one writer, reading, and what both kinds of database need for them."""
