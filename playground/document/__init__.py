"""What the user built, plain and frozen: no Qt, no mathematics. It compiles to the engine's `Program`."""
