from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse


def health(request):
    """200 when the database answers and has every migration, else 503; needs no login."""
    checks = {"database": "ok", "migrations": "ok"}
    try:
        executor = MigrationExecutor(connection)
    except Error:
        checks = {"database": "unreachable", "migrations": "unknown"}
    else:
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            checks["migrations"] = "pending"
    healthy = set(checks.values()) == {"ok"}
    return JsonResponse(
        {"status": "ok" if healthy else "failing", **checks}, status=200 if healthy else 503
    )
