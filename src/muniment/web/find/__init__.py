"""Going by name: pages, acts, words, and whatever the rooms hold that the reader may see.

A room joins by one function and one line in `rooms.FINDERS`. The palette of the script and the page
without one ask the same address.
"""

from muniment.web.find.showing import routes

__all__ = ["routes"]
