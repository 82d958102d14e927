"""The command line, thin over the same rooms as the window."""
