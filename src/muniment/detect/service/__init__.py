"""The verbs of detection: scan a text, inspect it for the record, explain it, make it safe."""

from muniment.detect.service.protect import Protector
from muniment.detect.service.scanner import Scanner, sheets
from muniment.detect.service.stream import Restoring, Stream

__all__ = ["Protector", "Restoring", "Scanner", "Stream", "sheets"]
