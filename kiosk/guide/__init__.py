"""办事指南: what people ask most, in the office's own words, one topic a file in each language."""
