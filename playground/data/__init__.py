"""Numbers only: synthetic families, spam mail, tables, splitting, scaling, feature transforms. No document, no Qt."""
