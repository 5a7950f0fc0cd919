"""What each request reads first: the session of who signed in, and the person with her roles."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import Membership, User
from accounts.permissions import remember_memberships
from accounts.prepared import Prepared

_sessions = Prepared(lambda key: Session.objects.filter(pk=key))
_people = Prepared(lambda pk: User.objects.filter(pk=pk))
_memberships = Prepared(
    lambda pk: Membership.objects.filter(user=pk).in_use().select_related("user")
)


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key):
        # A cookie is whatever was sent, and PostgreSQL refuses to be asked for some signs.
        return super()._validate_session_key(key) and key.isalnum()

    def _get_session_from_db(self):
        for session in _sessions(self.session_key):
            if session.expire_date > timezone.now():
                return session
        self._session_key = None
        return None


class Backend(AuthenticationBackend):
    def get_user(self, user_id):
        return next(filter(self.user_can_authenticate, _with_memberships(user_id)), None)


def _with_memberships(pk):
    """The person, if there is one, in one question with what permissions go by; in two where she
    serves no agency.
    """
    memberships = _memberships(pk)
    people = [memberships[0].user] if memberships else _people(pk)
    for person in people:
        remember_memberships(person, memberships)
    return people
