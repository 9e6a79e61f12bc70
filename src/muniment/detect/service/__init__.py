"""The verbs of detection: scan a text, inspect it for the record, explain it, make it safe."""
