"""People of this node: signing in, tokens, one-time links, throttling."""
