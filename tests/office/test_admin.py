"""The administration shows everything, changes nothing, and keeps salts and records to itself."""

from __future__ import annotations

import re

import pytest
from test_cases import AT, SECOND, decided, submitted

CANARY = "canary-admin@example.org"


@pytest.fixture
def browser():
    """Return a signed-in superuser's browser and the addresses of every page that shows a row."""
    from django.apps import apps
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client

    from comity.office.cases.services.act import act

    if "testserver" not in settings.ALLOWED_HOSTS:
        settings.ALLOWED_HOSTS.append("testserver")
    case = submitted(contact=CANARY)
    decided(case)
    act(case.number, "grant", actor=SECOND, at=AT, reason=CANARY)
    client = Client()
    client.force_login(User.objects.get_or_create(username="root", is_superuser=True, is_staff=True)[0])
    models = ("cases.case", "cases.submission", "cases.storeddecision", "cases.award", "cases.deadline",
              "ledger.entry", "ledger.record")  # fmt: skip
    pages = []
    for name in models:
        folder = f"/admin/{name.replace('.', '/')}/"
        rows = apps.get_model(name).objects.all()
        assert rows, name
        pages += [folder, *(f"{folder}{row.pk}/change/" for row in rows)]
    yield client, pages
    User.objects.all().delete()


def test_every_page_can_be_read_and_none_has_a_field_to_fill_in(browser) -> None:
    client, pages = browser
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        content = re.search(r'<div id="content".*', answer.content.decode(), re.DOTALL).group()
        assert not re.search(r'name="_save"|class="deletelink"|<textarea|<select', content), page
        typed = re.findall(r'<input type="(\w+)"[^>]*name="(\w+)"', content)
        assert set(typed) <= {("text", "q"), ("hidden", "csrfmiddlewaretoken")}, (page, typed)


def test_what_is_sent_by_hand_is_refused(browser) -> None:
    from comity.office.cases.models import Case

    client, pages = browser
    for page in pages:
        if page.endswith("/change/"):
            assert client.post(page, {"state": "withdrawn"}).status_code == 403
            assert client.post(page.replace("/change/", "/delete/"), {"post": "yes"}).status_code == 403
        else:
            assert client.post(f"{page}add/", {}).status_code == 403
    assert Case.objects.get().state == "in_force"


def test_no_salt_record_or_contact_is_shown(browser) -> None:
    from comity.office.ledger.models import Record

    client, pages = browser
    secrets = [CANARY, *(bytes(r.salt).hex() for r in Record.objects.all())]
    for page in pages:
        shown = client.get(page).content.decode()
        assert not [s for s in secrets if s in shown], page
