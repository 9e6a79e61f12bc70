"""The JSON door: one FastAPI application, one error shape, OpenAPI drawn from the code.

Each room has one file here; an endpoint parses, calls one verb and shows. Floor: door.
"""

from muniment.api.app import make_api
from muniment.api.asking import Behind
from muniment.api.scim import scim_routes
from muniment.api.tiles import tile_routes

__all__ = ["Behind", "make_api", "scim_routes", "tile_routes"]
