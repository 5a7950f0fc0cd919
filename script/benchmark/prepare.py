"""Fills the database named by the environment; prints the session cookie of a demo officer.

Writes the HTML of the demo report to VAR_DIR, for the render engine alone.
"""

from datetime import date

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import User  # noqa: E402
from measures.models import Plan  # noqa: E402
from measures.report.build import build  # noqa: E402
from measures.report.content import Part  # noqa: E402
from measures.report.html import to_html  # noqa: E402

call_command("prepare", demo=True)
plan = Plan.objects.get(agency__code="nongkong")
report = to_html(build(plan, Part.FULL, date.today()))
(settings.VAR_DIR / "report.html").write_text(report, encoding="utf-8")
client = Client()
client.force_login(User.objects.get(username="somchai"))
name = settings.SESSION_COOKIE_NAME
print(f"COOKIE {name}={client.cookies[name].value}")
