from accounts.models.agency import Agency, Membership, Unit
from accounts.models.emblem import Emblem
from accounts.models.event import ChainEnd, Event
from accounts.models.invitation import Invitation
from accounts.models.kept import Kept
from accounts.models.notice import Notice
from accounts.models.once import Once
from accounts.models.support import SupportVisit
from accounts.models.user import User

__all__ = [
    "Agency",
    "ChainEnd",
    "Emblem",
    "Event",
    "Invitation",
    "Kept",
    "Membership",
    "Notice",
    "Once",
    "SupportVisit",
    "Unit",
    "User",
]
