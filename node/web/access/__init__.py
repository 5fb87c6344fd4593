"""Who asks: cookies, bearer tokens, the operator's socket."""
