"""For every test: nothing here fails because a machine is slow; how long things take is `./run bench`'s to say."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
