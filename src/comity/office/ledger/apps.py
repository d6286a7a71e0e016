"""Django's name for this app."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger app."""

    name = "comity.office.ledger"
    label = "ledger"
    verbose_name = "Register"
