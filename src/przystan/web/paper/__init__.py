"""Papers: templates of typst, and what sets them."""
