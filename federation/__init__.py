"""AT Protocol: identity, repositories, sync. Knows no database and no web framework.

Folder in dependency order: errors, cids, codec, multibase, keys, mst, car, commit, events, repository, frames,
verify – the data; did_json, plc, did – identities; addresses, safe_http, stream, xrpc_client – the network.
Sources: https://atproto.com/specs (repository, sync, event-stream, cryptography, did), https://web.plc.directory.
"""
