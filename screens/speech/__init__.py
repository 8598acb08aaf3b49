"""The voice of the terminal: what a page says, in which order, to whose ears.  Knows no Kivy."""
