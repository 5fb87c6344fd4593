"""`skillnet demo`: three organisations' nodes on this machine, with the starter catalogue, following one another."""
