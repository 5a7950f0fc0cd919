from contextlib import suppress
from datetime import timedelta

from django.core.files.storage import storages
from django.core.management.base import BaseCommand
from django.utils import timezone

from measures.models import Evidence

#: An upload that is being written has no row yet.
LEFT_ALONE = timedelta(days=1)


class Command(BaseCommand):
    help = "Deletes evidence files that no record names: what a crash left. For a nightly run."

    def handle(self, **options):
        storage, lying, swept = storages["evidence"], [], 0
        named = {
            name
            for names in Evidence.objects.values_list("file", "public_copy").iterator()
            for name in names
        }
        before = timezone.now() - LEFT_ALONE
        # Before the first file there is no folder.
        with suppress(FileNotFoundError):
            lying = storage.listdir("")[1]
        for name in lying:
            if name not in named and storage.get_modified_time(name) < before:
                storage.delete(name)
                swept += 1
        self.stdout.write(f"{swept} files deleted")
