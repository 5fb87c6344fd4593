"""HTML elements by who may write them: the one list that the filter of authors' HTML and the last gate share."""

AUTHORS = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details",
        "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol",
        "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "summary", "sup",
        "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var", "wbr",
    }
)  # fmt: skip

# What the renderer writes besides: headings, blocks, task lists.
RENDERER = frozenset(
    {
        "h1", "h2", "h3", "h4", "h5", "h6", "input", "section",
    }
)  # fmt: skip

# MathML, as latex2mathml makes it.
MATHS = frozenset(
    {
        "annotation", "math", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow", "ms",
        "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder",
        "munderover", "semantics",
    }
)  # fmt: skip
