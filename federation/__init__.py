"""AT Protocol: identity, repositories, sync. Knows no database and no web framework."""
