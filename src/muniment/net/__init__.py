"""Net: careful requests to the outside, for whoever must fetch what another names.

Nouns: Fetcher, Fetched. https only, no redirects, bounded in time and size, certificates verified,
and no address that is not public unless the settings allow it; the address that was judged is the
one that is connected to. Floor: machinery.
"""

from muniment.net.fetch import Fetched, Fetcher
from muniment.net.reach import Reach

__all__ = ["Fetched", "Fetcher", "Reach"]
