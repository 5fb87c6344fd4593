"""What a node does, without web or command line: host, follow, curate, personalise, deliver."""
