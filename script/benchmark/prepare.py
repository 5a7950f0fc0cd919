"""Fills the database named by the environment, with so many further agencies as the argument says.

Prints as JSON the session cookies of a demo officer and of one of the further agencies, and the
address of a published report.
"""

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import User  # noqa: E402
from measures.models import Plan, PublishedFile  # noqa: E402
from script.benchmark.agencies import copy_agencies  # noqa: E402


def cookie_of(person):
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


call_command("prepare", demo=True)
plan = Plan.objects.get(agency__code="nongkong", year=2565)
of_many = User.objects.create_user("bench", name="ผู้ทดสอบ")
copy_agencies(plan, int(sys.argv[1]), of_many)
published = PublishedFile.objects.filter(name="full.pdf").first()
prepared = {
    "cookie": cookie_of(User.objects.get(username="somchai")),
    "of_many": cookie_of(of_many),
    "published": published.publication.get_file_url("full.pdf"),
}
print(json.dumps(prepared))
