"""The command line. Author's and worker's commands are clients of a node; operator's use its socket or its folder."""
