"""Themes: Jinja2 templates, CSS and small JavaScript.

A theme is a folder here (or in a folder the operator names) with `templates/` and `static/`. What it leaves out comes
from `default`, file by file; `plain` is the smallest useful one. Templates see two variables, `site` and `page`, whose
fields and meaning stand in `node/web/contexts/`; an unknown field is an error, not an empty string. They also have
`t(text)`, `count(one, many, n)`, `static(path)` and the filters of `node/web/wording.py`. No inline script or style,
nothing from another host: the content policy forbids it, and so do the tests in `tests/unit/themes/`.
"""
