"""The controls of which the window is built: painted in the theme, spoken by a screen reader, driven by any key.

None of them knows the document or the run: they take values and give signals. Each is at least 24 px high, shows its
focus, and has a name in words.
"""
