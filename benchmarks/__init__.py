"""How fast netproof is, always against something else in the same run; see README.md."""
