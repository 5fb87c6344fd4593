"""Methods of org.skillnet: catalogue, curation and tasks, for other nodes and programs."""
