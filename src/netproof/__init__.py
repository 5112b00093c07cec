"""netproof: does a telecom network meet its security catalogue?

The command line is the public face; `python -m netproof` is the same as `netproof`.
"""

__version__ = "0.1.0"
