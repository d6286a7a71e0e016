"""Inspection of casework: everything can be read, nothing changed by hand."""

from __future__ import annotations

from django.contrib import admin

from comity.office.cases.models import Award, Case, Deadline, Job, StepTaken, StoredDecision, Submission
from comity.office.ledger.admin import ReadOnly


@admin.register(Case)
class CaseAdmin(ReadOnly):
    """Cases."""

    list_display = ("number", "programme", "regime", "state", "applicant", "received_at")
    list_filter = ("programme", "regime", "state")
    search_fields = ("number", "applicant")


@admin.register(Submission)
class SubmissionAdmin(ReadOnly):
    """Submissions."""

    list_display = ("case", "sequence", "received_at", "digest")
    search_fields = ("case__number", "digest")


@admin.register(StoredDecision)
class DecisionAdmin(ReadOnly):
    """Decisions."""

    list_display = ("case", "outcome", "made_at", "made_by", "identity")
    list_filter = ("outcome",)
    search_fields = ("case__number", "identity")
    exclude = ("document",)


@admin.register(StepTaken)
class StepAdmin(ReadOnly):
    """Steps: who took them."""

    list_display = ("case", "action", "role", "actor", "through", "at")
    list_filter = ("action", "role")
    search_fields = ("case__number", "actor")
    exclude = ("reason",)


@admin.register(Award)
class AwardAdmin(ReadOnly):
    """Awards."""

    list_display = ("case", "status", "holder", "place", "starts", "ends")
    list_filter = ("status", "programme", "regime")
    search_fields = ("case__number", "holder", "place")


@admin.register(Deadline)
class DeadlineAdmin(ReadOnly):
    """Deadlines."""

    list_display = ("case", "clock", "role", "who", "due", "met_at", "reminded_at")
    search_fields = ("case__number",)


@admin.register(Job)
class JobAdmin(ReadOnly):
    """Jobs and how far they are."""

    list_display = ("name", "done", "total", "failed", "result", "changed_at")
