"""Training and drawing speed by workload."""
