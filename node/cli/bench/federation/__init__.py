"""`bench federation`: a node of ours and the official server, side by side, under the same load."""
