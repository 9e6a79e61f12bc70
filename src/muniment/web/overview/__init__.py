"""The first page: is something wrong, where, and what waits for the reader?

Every room adds what it has to say as a part, under the permission its own pages ask for. A part is
a function from a look at the database to a few values, so posture, drift and incidents join by one
line in `showing.PARTS`.
"""

from muniment.web.overview.showing import routes

__all__ = ["routes"]
