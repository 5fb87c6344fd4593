"""`bench chaos`: a node is killed again and again while everything that writes writes, and put into worse places."""
