"""PIN pads of the KMY350/3501 family in plaintext-key mode, on a serial line."""
