"""What each request reads first: the session of who signed in, and the person."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from accounts.prepared import Prepared

_sessions = Prepared(lambda key: Session.objects.filter(pk=key))
_people = Prepared(lambda pk: User.objects.filter(pk=pk))


class SessionStore(db.SessionStore):
    def _get_session_from_db(self):
        for session in _sessions(self.session_key):
            if session.expire_date > timezone.now():
                return session
        self._session_key = None
        return None


class Backend(AuthenticationBackend):
    def get_user(self, user_id):
        return next(filter(self.user_can_authenticate, _people(user_id)), None)
