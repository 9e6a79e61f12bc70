"""Plug-ins: code behind ten sockets, ours and strangers', loaded only when named and allowed.

Nouns: InstalledPlugin, LoadedPlugin; the sockets stand in `muniment.plugins.sockets`.
Verbs: installed (list, import nothing), load (by name), build (make and check), check_socket.
Floor: machinery, above settings. A plug-in that fails to load stops the start.
"""

from muniment.plugins.check import check_socket
from muniment.plugins.load import InstalledPlugin, LoadedPlugin, build, installed, load

__all__ = ["InstalledPlugin", "LoadedPlugin", "build", "check_socket", "installed", "load"]
