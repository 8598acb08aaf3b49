"""`kiosk central check URL`: whether a centre keeps the contract of docs/central.md, as far as a terminal can see it.

Works against anybody's centre: everything goes over the line, and nothing of the reference centre is asked.
"""

from sync.central.conformance.run import Asked, check_centre

__all__ = ["Asked", "check_centre"]
