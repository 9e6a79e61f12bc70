"""The verbs of access: permission, load, judge, save, record, in one unit of work."""
