"""The pages of the site: each module reads what one page shows and hands it to the theme as its context."""
