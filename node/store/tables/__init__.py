"""The tables. Public ones may be read by anything; `worker` is private: only the learning services' queries import it.

Times are integers, microseconds since 1970 UTC. Sizes are bytes. A row never leaves `node.store` attached to a session.
"""
