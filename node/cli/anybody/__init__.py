"""Commands for everybody: signing in, and reading the catalogue."""
