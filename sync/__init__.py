"""The terminal's line: the only door to the network; and the reference central system."""
