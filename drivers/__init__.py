"""The terminal's hands: drivers that move bytes, and the hardware they can be tried on."""
