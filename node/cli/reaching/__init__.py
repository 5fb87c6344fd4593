"""The node that a command talks to, and as whom: addresses, folders, sign-ins, keys, and the options that name them."""
