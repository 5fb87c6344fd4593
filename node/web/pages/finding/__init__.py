"""Search: what is asked, what was found."""
