"""The terminal's mind: services, rules, journal; no pixels, no wires."""

__version__ = "0.1.0"
