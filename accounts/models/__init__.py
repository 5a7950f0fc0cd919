from accounts.models.agency import Agency, Membership
from accounts.models.event import Event
from accounts.models.kept import Kept
from accounts.models.once import Once
from accounts.models.user import User

__all__ = ["Agency", "Event", "Kept", "Membership", "Once", "User"]
