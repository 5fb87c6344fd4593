"""Keeping a node's data: backups that open nowhere but with their passphrase, a node made again from one, and leaving.

opened, sealed_stream → archive → backing_up, restoring → settling
opened, export_folder → everything
"""
