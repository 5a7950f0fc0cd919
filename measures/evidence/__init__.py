"""Files that show what was done: what is let in, where they lie, what the public gets of them."""

from measures.evidence.gate import Refused
from measures.evidence.storing import store

__all__ = ["Refused", "store"]
