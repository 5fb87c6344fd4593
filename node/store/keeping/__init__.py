"""The database as a whole: its schema, migrations, dumps, and the state before an upgrade."""
