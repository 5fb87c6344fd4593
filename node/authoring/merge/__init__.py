"""Three-way merge of Markdown: of lines, of words where lines collide, of front matter by key."""
