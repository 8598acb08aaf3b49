"""The receipt printer: slips as data in, ESC/POS over a serial line out."""
