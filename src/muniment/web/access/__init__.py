"""Pages of access: who there is, what they may, and how people come in."""
