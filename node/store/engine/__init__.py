"""Below the queries: the one writer, both kinds of database, upgrades, and several processes of one node."""
