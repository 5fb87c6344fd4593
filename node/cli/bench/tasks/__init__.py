"""`bench tasks`: importing reference data, its pages, and questions to the graph with ten thousand modules."""
