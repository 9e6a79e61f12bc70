"""Ways to carry notices, one file each, strangers to each other."""
