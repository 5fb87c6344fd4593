"""Following other hosts: backfill, live events, everything verified, one persistent cursor for each host."""
