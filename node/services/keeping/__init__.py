"""Keeping a node's data: backups that open nowhere but with their passphrase, and a node made again from one.

sealed_stream → archive → backing_up, restoring
"""
