"""What people and programs see of the node over HTTP: pages, feeds, APIs.

`contexts` says what a template may use, `rendering` turns a context into HTML; both are plain Jinja and know
no web framework. The handlers import them, never the other way round.
"""
