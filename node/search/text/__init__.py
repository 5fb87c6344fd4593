"""From text to the tokens that are indexed and asked for: the same for every engine and every script."""
