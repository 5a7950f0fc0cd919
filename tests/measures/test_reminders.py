"""Who is reminded when, and which mails go out."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Membership, Notice
from accounts.notices import notify
from accounts.permissions import Role, State
from measures.models import Measure, Plan, ProgressEntry
from measures.reminders import remind, stage

pytestmark = pytest.mark.django_db

DUE = date(2021, 12, 31)
TEXTS = {"steps": "1", "period": "ปี 2565", "follow_up": "1", "responsible": "สำนักปลัด"}


@pytest.fixture
def due(plan):
    Plan.objects.update(due_on=DUE)
    return plan


@pytest.fixture
def running(plan):
    """An approved plan with two measures, whose first round is open."""
    Plan.objects.update(state=State.APPROVED)
    for title in ("ปรับปรุงเว็บไซต์", "เปิดเผยข้อมูล"):
        Measure.objects.create(plan=plan, title=title, **TEXTS)
    plan.rounds.filter(months=6).update(opens_on=date(2022, 3, 1), closes_on=date(2022, 4, 30))
    return plan


def texts(user):
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("text", flat=True))


@pytest.mark.parametrize(
    ("left", "expected"),
    [(31, ""), (30, "30"), (15, "30"), (14, "14"), (7, "7"), (2, "7"), (1, "1"), (0, "1")]
    + [(-1, "after"), (-7, "after"), (-8, "")],
)
def test_a_missed_day_is_made_up_for(left, expected):
    assert stage(DUE, DUE - timedelta(days=left)) == expected


def test_those_who_write_are_reminded_once_of_each_step(due, staff, coordinator, admin, viewer):
    for before in (30, 30, 29, 14, 7, 1, 0, -1, -2):
        remind(DUE - timedelta(days=before))
    for writer in (staff, coordinator):
        told = texts(writer)
        assert len(told) == 5
        assert told[0] == "ต้องส่งแผนมาตรการปี 2565 ให้ตรวจภายในวันที่ 31 ธันวาคม 2564"
        assert "ยังไม่ได้ส่งให้ตรวจ" in told[-1]
    assert texts(admin) == texts(viewer) == []


def test_who_has_submitted_is_not_reminded_and_another_day_reminds_anew(due, staff):
    remind(DUE)
    Plan.objects.update(due_on=DUE + timedelta(days=1))
    remind(DUE)
    assert len(texts(staff)) == 2
    Plan.objects.update(state=State.APPROVED)
    remind(DUE + timedelta(days=2))
    assert len(texts(staff)) == 2


def test_a_round_reminds_of_what_nobody_has_reported(running, staff):
    first, second = running.measures.all()
    round_ = running.rounds.get(months=6)
    remind(date(2022, 3, 1))
    ProgressEntry.objects.create(round=round_, measure=first, result="ทำแล้ว")
    remind(date(2022, 4, 29))
    assert "มีมาตรการที่ต้องรายงานผล 2 มาตรการ" in texts(staff)[0]
    assert texts(staff)[1].endswith("จะปิดวันที่ 30 เมษายน 2565 ยังไม่รายงานผล 1 มาตรการ")
    ProgressEntry.objects.create(round=round_, measure=second, state="done")
    remind(date(2022, 5, 1))
    assert len(texts(staff)) == 2


def test_a_review_that_waits_long_is_brought_to_mind(plan, admin, staff):
    day = timezone.now() - timedelta(days=4)
    Plan.objects.update(state=State.SUBMITTED, submitted_at=day, submitted_by=staff)
    for _run in range(2):
        remind(timezone.localdate())
    [told] = Notice.objects.filter(user=admin)
    assert told.url == plan.get_review_url()
    Plan.objects.update(submitted_at=timezone.now())
    remind(timezone.localdate())
    assert len(texts(admin)) == 1


# --- mail -----------------------------------------------------------------------------------------


@pytest.fixture
def reader(staff, agency, settings):
    """Somchai has an address, and two notices wait for him."""
    settings.PORTAL_URL = "https://ita.example.go.th"
    type(staff).objects.update(email="somchai@example.go.th")
    staff.refresh_from_db()
    notify([staff], agency=agency, text="เรื่องแรก\nบรรทัดสอง", url="/a/nongkong/2565/")
    notify([staff], agency=agency, text="เรื่องที่สอง", url="/a/nongkong/2565/")
    return staff


def test_a_person_gets_one_mail_with_all_that_waits_and_once(reader):
    call_command("send_notices")
    [sent] = mail.outbox
    assert sent.to == [reader.email]
    assert sent.subject == "ระบบ ITA: มีการแจ้งเตือนถึงคุณ 2 รายการ"
    assert "- เรื่องแรก บรรทัดสอง\n" in sent.body
    uid = Notice.objects.first().uid
    assert f"https://ita.example.go.th/notices/{uid}/" in sent.body
    call_command("send_notices")
    assert len(mail.outbox) == 1


def test_nothing_read_old_or_of_an_agency_left_is_mailed(reader, other_agency, agency):
    notify([reader], agency=other_agency, text="ของหน่วยงานอื่น", url="/")
    first, second = Notice.objects.filter(agency=agency)
    Notice.objects.filter(pk=first.pk).update(read_at=timezone.now())
    Notice.objects.filter(pk=second.pk).update(at=timezone.now() - timedelta(days=40))
    call_command("send_notices")
    assert mail.outbox == []
    Membership.objects.create(user=reader, agency=other_agency, role=Role.VIEWER)
    call_command("send_notices")
    assert "ของหน่วยงานอื่น" in mail.outbox[0].body


class Refusing(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionError("550 somchai@example.go.th")


class Away(EmailBackend):
    def open(self):
        raise ConnectionError


@pytest.mark.parametrize("backend", [Refusing, Away])
def test_what_could_not_be_sent_waits_for_the_next_run(reader, settings, monkeypatch, backend):
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend", backend)
    with pytest.raises(CommandError) as told:
        call_command("send_notices")
    assert reader.email not in str(told.value)
    monkeypatch.undo()
    call_command("send_notices")
    assert len(mail.outbox) == 1


def test_without_a_mail_server_the_list_alone_tells(reader, settings, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    call_command("send_notices")
    assert "ยังไม่ได้ตั้งค่าอีเมล" in capsys.readouterr().out
    call_command("send_notices", "--print")
    assert "เรื่องที่สอง" in capsys.readouterr().out
    assert not Notice.objects.exclude(mailed_at=None).exists()


def test_what_was_read_a_year_ago_is_swept(reader):
    Notice.objects.update(read_at=timezone.now() - timedelta(days=366))
    call_command("send_notices")
    assert not Notice.objects.exists()


def test_a_round_without_a_day_of_its_own_closes_with_its_year(running, staff):
    running.rounds.filter(months=6).update(opens_on=None, closes_on=None)
    running.rounds.filter(months=12).delete()
    Plan.objects.update(closes_on=date(2022, 9, 30))
    remind(date(2022, 9, 29))
    [told] = texts(staff)
    assert "30 กันยายน 2565" in told
