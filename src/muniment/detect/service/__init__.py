"""The verbs of detection: scan a text, inspect it for the record, explain what was found."""

from muniment.detect.service.scanner import Scanner, sheets

__all__ = ["Scanner", "sheets"]
