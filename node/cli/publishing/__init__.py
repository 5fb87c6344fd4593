"""Publishing a folder of Markdown: collect → references → plan → write. Standard XRPC only, so any host will do.

collected = collect(Path("course"))                     # files, parsed and linted
repository = Repository(client, did)                     # an account on any host
plan = make_plan(collected, repository)                  # what is new, changed, unchanged
published = carry_out(plan, repository)                  # blobs, then versions and heads in one commit
"""
