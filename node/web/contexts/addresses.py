"""The addresses that templates may write by themselves; a test fails on any other literal address.

Everything else (a module's page, where a form goes) arrives in a context, made by the handler that knows its route.
"""

HOME = "/"
SEARCH = "/search"
FIND_WORK = "/occupations"
TRUST = "/trust"
SIGN_IN = "/sign-in"
SIGN_IN_PASSKEY = "/sign-in/passkey"
SIGN_OUT = "/sign-out"
ACCOUNT = "/account"
FEED = "/me"
HELP = "/me/help"
PROFILE = "/me/profile"
BELIEFS = "/me/beliefs"
FEED_ADDRESSES = "/me/feeds"
KEPT_SEARCHES = "/me/searches"
OWN_DATA = "/me/data"
WRITE = "/write"
STOPS = "/write/stops"
FRESHNESS = "/freshness"
SUGGESTIONS = "/suggestions"
BECOME_PRACTITIONER = "/practitioner"
ADMIN = "/admin"
AUDIT = "/admin/audit"
PEOPLE = "/admin/people"
MODERATION = "/admin/moderation"
MODERATION_LOG = "/moderation"

FIXED_ADDRESSES = (
    HOME, SEARCH, FIND_WORK, TRUST, SIGN_IN, SIGN_IN_PASSKEY, SIGN_OUT, ACCOUNT, FEED, HELP, PROFILE, BELIEFS,
    FEED_ADDRESSES, KEPT_SEARCHES, OWN_DATA, WRITE, STOPS, FRESHNESS, SUGGESTIONS, BECOME_PRACTITIONER, ADMIN, AUDIT,
    PEOPLE, MODERATION, MODERATION_LOG,
)  # fmt: skip
