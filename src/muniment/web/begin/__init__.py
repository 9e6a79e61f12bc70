"""The first quarter of an hour: five steps from an empty installation to a verified call.

Each step knows by records whether it is done, so the path can be left and taken up again; nothing
forces anybody along it. It is for whoever manages access, for nobody else is there yet.
"""

from starlette.routing import Route

from muniment.web.begin import acting, calling, showing


def routes() -> list[Route]:
    """List every page of the path."""
    return [*showing.routes(), *acting.routes(), *calling.routes()]
