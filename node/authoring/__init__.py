"""Markdown that practitioners write: parsed, checked, written back byte for byte, and rendered to safe HTML.

Pure: text in, values out. Entry points: `parse`, `lint`, `value`, `render`, `write`, `edit`, `difference`, `majorness`,
`merge`.
"""
