"""Bounds on what is read, so that any input is answered in bounded time. Nothing an author writes comes near them."""

SOURCE_CHARACTERS = 524_288  # longer sources are refused whole; the longest of 26,000 real files has 377,000
FRONT_MATTER_CHARACTERS = 65_536
FRONT_MATTER_DEPTH = 16
FRONT_MATTER_VALUES = 5_000
BLOCK_DEPTH = 16
BLOCKS = 2_000
PARAGRAPH_CHARACTERS = 32_768  # inline parsing grows faster than its input
COMMENTS = 100  # in one paragraph: each is looked for up to its end; the most of 26,000 real files is 6
BRACKETS = 10_000  # each may begin a link, and is looked at forty times; the most of 26,000 real files is 3,208
LINES_IN_VAIN = 20_000  # looked at for quotes that end before them
LIST_DEPTH = 40  # quotes and lists within one another, two levels each
HTML_DEPTH = 32  # elements of an author's own HTML within one another; the sanitiser slows down with depth
PROBLEMS = 200
INLINE_BODY_BYTES = 65_536  # longer bodies travel as blobs (design: modules)
NAME_CHARACTERS = 64  # Agent Skills: the folder's name
FILES_CARRIED = 64  # pictures in one version, and as many attachments: the lexicon's limit
