"""Files: the project file, and the trained weights in the formats that other programs read."""
