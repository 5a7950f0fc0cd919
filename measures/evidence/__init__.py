"""Files that show what was done: what is let in, where they lie, what the public gets of them."""

from accounts.uploads import Refused

__all__ = ["Refused"]
