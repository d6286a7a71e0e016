"""Django's name for this app."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The cases app."""

    name = "comity.office.cases"
    label = "cases"
    verbose_name = "Casework"
