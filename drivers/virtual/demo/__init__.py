"""`kiosk demo`: everything on one machine, and a citizen who plays stories at it."""

from drivers.virtual.demo.command import main

__all__ = ["main"]
