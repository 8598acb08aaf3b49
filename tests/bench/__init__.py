"""Figures of the window and the house, as ratios against a bare Kivy program taken in the same run: `./run bench`."""
