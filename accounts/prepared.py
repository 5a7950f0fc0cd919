"""Queries that every request asks: putting their SQL together takes longer than asking them."""

import threading
from types import SimpleNamespace

from django.db import connections
from django.db.models import Value
from django.db.models.query import ModelIterable


class Prepared(threading.local):
    """A query of one value, put together when it is first asked in each thread.

    `make` gives the queryset for what stands for the value, which is later given as the database
    takes it (a number, a text) and sent with each question.
    """

    def __init__(self, make):
        self.make, self.found = make, None

    def __call__(self, value) -> list:
        if self.found is None:
            self.found = self._prepared()
        self.value = value
        # Where a loop of events runs, a thread has several.
        self.compiler.connection = connections[self.found.queryset.db]
        return list(self.found)

    def _prepared(self):
        """What, iterated, asks the database with the value of that moment."""
        place = object()
        queryset = self.make(Value(place))
        self.compiler = compiler = queryset.query.get_compiler(queryset.db)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        compiler.get_converters = lambda columns: converters
        compiler.as_sql = lambda: (sql, tuple(self.value if p is place else p for p in params))
        query = SimpleNamespace(get_compiler=lambda using: compiler)
        source = SimpleNamespace(db=queryset.db, query=query, _known_related_objects={})
        return ModelIterable(source)
