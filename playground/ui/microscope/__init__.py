"""The backprop microscope: forward pass, chain rule and update of the user's own network, step by step."""
