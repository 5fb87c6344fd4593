"""Themes: Jinja2 templates, CSS and small JavaScript."""
