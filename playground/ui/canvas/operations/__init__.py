"""The canvas' third view: the computation graph of the network, down to single multiplications and additions.

`graph` makes it from a program, `layout` places it, `values` reads the numbers of one sample off it; none of them knows
Qt. `words` says what an operation does, `items` and `scene` draw, `view` is the widget.
"""
