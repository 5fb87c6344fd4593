"""The last gate: whatever was put together before, only this leaves (nh3, an allow-list HTML sanitiser)."""

from functools import lru_cache

import nh3

from node.authoring.rendering.elements import AUTHORS, MATHS, RENDERER

_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id", "lang", "dir", "title", "role", "aria-label", "aria-hidden", "aria-describedby"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "details": {"open"},
    "section": {"data-kind", "data-line"},
    "span": {"data-slot"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "input": {"disabled", "checked"},
    "pre": {"tabindex"},
    "div": {"tabindex"},
    "time": {"datetime"},
    "math": {"display", "alttext"},
    "mo": {"stretchy", "fence", "form", "movablelimits", "lspace", "rspace"},
    "mi": {"mathvariant"},
    "mfrac": {"linethickness"},
    "mspace": {"width"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "mtable": {"columnalign"},
    "annotation": {"encoding"},
}


@lru_cache(maxsize=1)
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags={*AUTHORS, *RENDERER, *MATHS},
        clean_content_tags={"script", "style"},
        attributes=_ATTRIBUTES,
        tag_attribute_values={"input": {"type": {"checkbox"}}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="nofollow ugc noopener noreferrer",
        strip_comments=True,
    )


def clean(html: str) -> str:
    """Safe HTML: allowed elements and attributes only, every element closed."""
    text = html if html.isascii() else html.encode("utf-8", "replace").decode("utf-8")  # lone surrogates
    return str(_cleaner().clean(text))
