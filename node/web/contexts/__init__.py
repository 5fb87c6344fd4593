"""What each template may use: one dataclass per page, with a sentence of help on every field.

A theme is written against these classes and nothing else. A page's class names its template; `rendering.Rendering`
renders it with two variables: `site` (the same on every page) and `page` (the dataclass itself). Tests render every
template of every theme with samples of these classes and fail on a field that is undocumented or that no template uses.

Conventions:
- text is plain and escaped by the template; HTML that is already sanitised is `Markup` and nothing else is;
- addresses (`href`, `action`) are made by the handlers, save the fixed ones of `addresses.py`;
- times are aware datetimes in UTC, durations are minutes (int) or timedelta, shares and chances are 0..1;
- an optional thing is None, an optional list is an empty tuple.
"""
