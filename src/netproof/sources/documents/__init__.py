"""What the files below documents/ are: there, unchanged, and signed by whom.

`status` is the door; it is not imported here, so that the process of `reader` starts without a database.
"""
