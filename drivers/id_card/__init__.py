"""The resident ID card reader: a SAM_V module on a serial line (GA/T 467)."""
