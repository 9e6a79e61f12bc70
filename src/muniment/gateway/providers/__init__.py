"""How each kind of model service is spoken to: one file each, strangers to each other."""
