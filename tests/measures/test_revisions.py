"""What was submitted stays as it was, whatever is written afterwards."""

import json

from django.utils import timezone

from measures.report.build import build
from measures.report.frozen import digest_of, freeze, thaw
from measures.report.html import to_html


def test_a_frozen_report_comes_back_equal_and_prints_the_same(written_plan):
    live = build(written_plan, "full", timezone.localdate())
    content = json.loads(json.dumps(freeze(written_plan), sort_keys=True))
    assert thaw(content) == live
    assert to_html(thaw(content)) == to_html(live)
    assert digest_of(content) == digest_of(freeze(written_plan))
