"""What the node does by itself, in words; a test holds it against the chores that there are."""

DOES = {
    "tidy-moderation": "Ends rules and labels whose time is over",
    "read-labelers": "Reads labels of the labelers subscribed to",
    "forget-deleted": "Removes what was deleted from files and the index",
    "deletions-honoured": "Asks peers whether they honoured deletions",
    "tell-operators": "Writes to operators of reports that wait, once a day at most",
    "tell-relays": "Tells relays that there is news",
    "prune-events": "Lets events go that are past their time",
    "sweep-tokens": "Lets sessions and links go that have ended",
    "let-roles-lapse": "Ends roles of groups that somebody has left",
    "collect-blobs": "Removes files that no record names",
    "watch-releases": "Reads feeds of tools for new releases",
    "collect-internal-files": "Removes internal files that no record names",
    "let-former-database-go": "Lets the database from before an upgrade go",
    "mirror-documents": "Keeps modules a second time as documents",
    "mend-search": "Compares the search index with the catalogue",
    "examine-database": "Reads the database file for damage",
    "examine-node": "Lets the doctor look at the node",
    "ranking-epoch": "Computes trust and ranking anew",
    "prepare-days": "Prepares the lists of the day",
    "pool-items": "Learns from outcomes what modules are like",
}
