"""Every page as it is, in every look, language and size: pictures to look at, and what is wrong with them.

A chore (`./run gallery`) and part of the tests; a terminal never imports it.
"""
