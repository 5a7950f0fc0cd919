import re
from collections import defaultdict

import pytest

from ita_portal import catalogues

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}|</?\w+")


def texts(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def ids(message):
    return message.id if isinstance(message.id, tuple) else (message.id,)


def messages(catalog):
    """Without the header, whose id is empty."""
    return [message for message in catalog if message.id]


@pytest.mark.parametrize("package", catalogues.PACKAGES)
class TestPackage:
    def test_every_text_of_the_code_has_its_thai(self, package):
        stored = catalogues.stored(package)
        missing = [
            message.id
            for message in messages(catalogues.extracted(package))
            if (found := stored.get(message.id, message.context)) is None or not all(texts(found))
        ]
        assert not missing, "run manage.py messages and translate: " + "\n".join(map(str, missing))

    def test_nothing_is_fuzzy(self, package):
        assert not [m.id for m in messages(catalogues.stored(package)) if m.fuzzy]

    def test_nothing_is_left_of_texts_that_are_gone(self, package):
        extracted = catalogues.extracted(package)
        left = [
            message.id
            for message in messages(catalogues.stored(package))
            if extracted.get(message.id, message.context) is None
        ]
        assert not left, "run manage.py messages: " + "\n".join(map(str, left))

    def test_the_thai_has_the_placeholders_and_tags_of_the_english(self, package):
        """The last form of the English is the plural, which names the number."""
        different = [
            message.id
            for message in messages(catalogues.stored(package))
            for thai in texts(message)
            if thai and placeholders(thai) != placeholders(ids(message)[-1])
        ]
        assert not different

    def test_the_thai_keeps_to_the_portals_manner(self, package):
        """No begging, no bare "wrong", and no space or full stop that English brings in."""
        odd = [
            thai
            for message in messages(catalogues.stored(package))
            for thai in texts(message)
            if "กรุณา" in thai or "ไม่ถูกต้อง" in thai or "  " in thai or thai != thai.strip()
        ]
        assert not odd


def placeholders(text):
    return sorted(match[0] for match in PLACEHOLDER.finditer(text))


def test_one_english_text_has_one_thai_everywhere():
    """Packages share one catalogue when the portal runs: the first one's text would win."""
    thai_of = defaultdict(set)
    for package in catalogues.PACKAGES:
        for message in messages(catalogues.stored(package)):
            thai_of[message.id, message.context].add(texts(message))
    assert not {key: thai for key, thai in thai_of.items() if len(thai) > 1}
