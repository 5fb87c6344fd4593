"""Search over the whole catalogue that this node follows: one contract, two engines, order blended in one place.

`engine.SearchEngine` is the contract, `tantivy_engine` the embedded default, `meilisearch_engine` a server the operator
runs. Nothing here knows the catalogue's tables: the node hands over documents and asks with requests.
"""
