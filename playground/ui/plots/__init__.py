"""Pictures of a run: the decision region and the loss curves. They draw what a snapshot holds."""
