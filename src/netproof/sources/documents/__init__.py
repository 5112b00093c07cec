"""What the files below documents/ are: there, unchanged, and signed by whom."""

from netproof.sources.documents.status import read_documents

__all__ = ["read_documents"]
