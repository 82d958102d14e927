"""Backprop Playground: build a small neural network, watch it learn, and see why it learns."""

__version__ = "0.1.0"
