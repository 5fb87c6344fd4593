"""From the files as published to rows: read, check, compare with what is here, write aside, switch."""
