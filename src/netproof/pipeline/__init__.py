"""The one place that knows the order of the stages."""

from netproof.pipeline.request import Request
from netproof.pipeline.supervisor import Assessment, assess

__all__ = ["Assessment", "Request", "assess"]
