"""`python -m netproof` is the same as `netproof`."""

from netproof.cli.main import main

main()
