"""Numbers only: the operations, the program they form, and the walk that executes it. No document, no Qt."""
