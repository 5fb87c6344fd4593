"""The protocol's endpoints under /xrpc. Nothing private is imported here; an import contract holds that."""
