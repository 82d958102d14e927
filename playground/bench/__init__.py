"""The bench: how fast networks train and draw, by workload. The engines are those of the window."""
