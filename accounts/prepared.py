"""Queries that every request asks: putting their SQL together takes longer than asking them."""

from copy import copy
from types import SimpleNamespace

from django.db import connections
from django.db.models import Value
from django.db.models.query import ModelIterable


class Prepared:
    """A query of one value, whose SQL is put together when it is first asked.

    `make` gives the queryset for what stands for the value, which is later given as the database
    takes it (a number, a text) and sent with each question.
    """

    def __init__(self, make):
        self.make = make
        self.compiled = {}

    def __call__(self, value) -> list:
        place = self
        if not self.compiled:
            queryset = self.make(Value(place))
            compiler = queryset.query.get_compiler(queryset.db)
            self.compiled = {"db": queryset.db, "compiler": compiler, "said": compiler.as_sql()}
            compiler.connection = None
        db, (sql, params) = self.compiled["db"], self.compiled["said"]
        compiler = copy(self.compiled["compiler"])
        # Each thread has a connection of its own.
        compiler.connection = connections[db]
        params = tuple(value if one is place else one for one in params)
        compiler.as_sql = lambda *args, **kwargs: (sql, params)
        query = SimpleNamespace(get_compiler=lambda **kwargs: compiler)
        return list(ModelIterable(SimpleNamespace(db=db, query=query, _known_related_objects={})))
