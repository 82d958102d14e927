"""The canvas: the document's network as cards and wires, and the gestures that edit it.

`faces` says what a card shows, `shape` where everything lies, `scene` keeps the items in step with the document, the
gestures turn presses into edits of the session, and `view` is the widget.
"""
