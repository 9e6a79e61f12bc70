"""The revisions of the schema, one linear tree for both databases."""
