import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but that CONN_HEALTH_CHECKS costs no question to the server."""

    def is_usable(self):
        """A server that ended the connection, by a restart too, has closed it: that can be read.

        So can what it says of its own accord, and then Django's question tells what it means.
        """
        if self.errors_occurred or self._has_something_to_read():
            return super().is_usable()
        return True

    def _has_something_to_read(self):
        try:
            socket = self.connection.fileno()
        except self.Database.Error:
            return True
        waiting = select.poll()
        waiting.register(socket, select.POLLIN)
        return bool(waiting.poll(0))
