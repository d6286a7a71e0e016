"""What the office keeps of a case."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from comity.casework.workflow import State
from comity.office.ledger.models import AppendOnly


class Case(models.Model):
    """One matter from first submission to its end.

    ``client_key`` makes a submission safe to send twice: the second one finds the first. ``changes`` says of a case
    that ``varies`` another what it changes and what that needs. ``decision`` is the one on the table; a case that
    comes back into review has none. ``settled`` holds what officers found out themselves, as settings of the
    decision. ``proposed_by`` is the officer who proposes to revoke the award.
    """

    number = models.CharField(max_length=80, unique=True)
    programme = models.CharField(max_length=32)
    regime = models.CharField(max_length=32)
    state = models.CharField(max_length=20, choices=[(s, s) for s in State], db_index=True)
    applicant = models.CharField(max_length=150, db_index=True)
    client_key = models.CharField(max_length=100)
    received_at = models.DateTimeField()
    decision = models.ForeignKey(
        "StoredDecision", null=True, blank=True, on_delete=models.PROTECT, related_name="on_the_table_of"
    )
    proposed_by = models.CharField(max_length=150, blank=True)
    varies = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="variations"
    )
    changes = models.JSONField(null=True, blank=True)
    settled = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["applicant", "client_key"], name="one_case_per_client_key")
        ]

    def __str__(self) -> str:
        """Return the case number."""
        return self.number


class Submission(AppendOnly):
    """What the applicant sent, without personal fields; ``record`` commits to the whole of it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="submissions")
    sequence = models.PositiveIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "sequence"], name="submissions_are_numbered")]
        ordering = ("case", "sequence")

    def __str__(self) -> str:
        """Return case and number."""
        return f"{self.case} #{self.sequence}"


class StoredDecision(AppendOnly):
    """A decision as its canonical JSON. Its identity is the SHA-256 of exactly these bytes.

    ``cells`` and ``ahead`` hold what it was made on: the versions that were seen, and every case that was respected
    with its submission and award. A replay builds the same register from them. ``entry`` is its index in the register.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT)
    identity = models.CharField(max_length=64, db_index=True)
    outcome = models.CharField(max_length=32)
    document = models.BinaryField()
    cells = models.JSONField()
    ahead = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    entry = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        """Return case, outcome and identity."""
        return f"{self.case} {self.outcome} {self.identity[:12]}"


class StepTaken(AppendOnly):
    """Who took a step, through whom, from which account of the machine, when and why.

    The register commits to the same for ``settle`` and for steps with an entry but no document; one with a document
    (``submit``, ``answer``, ``decide``) to that document, and a step without an entry is kept here alone.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    action = models.CharField(max_length=32)
    role = models.CharField(max_length=12)
    actor = models.CharField(max_length=150, blank=True)
    through = models.CharField(max_length=150, blank=True)
    account = models.CharField(max_length=150, blank=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "steps taken"

    def __str__(self) -> str:
        """Return case, step and who took it."""
        return f"{self.case} {self.action} by {self.actor}"


class Award(models.Model):
    """Something scarce that is held or reserved. Later applications are tested against every live award.

    Of a ``private`` holder the columns and the public register say neither name nor place.

    A decision that would grant reserves at once (``pending``); the second officer's signature puts it in
    force. What is shown and searched stands in columns, the rest in ``document``; ``square`` is the tenth of a degree
    by a tenth in which the site lies.
    """

    class Status(models.TextChoices):
        """How far an award holds."""

        PENDING = "pending"
        IN_FORCE = "in_force"
        ENDED = "ended"

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="award")
    decision = models.ForeignKey(StoredDecision, on_delete=models.PROTECT)
    programme = models.CharField(max_length=32)
    regime = models.CharField(max_length=32)
    status = models.CharField(max_length=12, choices=Status)
    private = models.BooleanField(default=False)
    holder = models.CharField(max_length=300)
    place = models.CharField(max_length=300)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    square = models.IntegerField(null=True, editable=False)
    band_low_mhz = models.FloatField(null=True)
    band_high_mhz = models.FloatField(null=True)
    starts = models.DateField()
    ends = models.DateField(null=True)
    document = models.JSONField()

    class Meta:
        indexes = [
            models.Index(fields=["latitude", "longitude"], name="award_position"),
            models.Index(fields=["square"], name="award_square"),
            models.Index(fields=["status", "id"], name="award_newest"),
            models.Index(fields=["ends"], condition=Q(status="in_force"), name="award_ends"),
            models.Index(fields=["band_low_mhz", "band_high_mhz"], name="award_band"),
        ]

    def __str__(self) -> str:
        """Return case and status."""
        return f"{self.case} {self.status}"


class AwardTerm(models.Model):
    """One word by which an award is found; Chinese text is cut into pairs of characters."""

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="terms", db_index=False)
    term = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["term", "award"], name="award_once_per_term")]
        indexes = [models.Index(fields=["award"], name="award_terms")]

    def __str__(self) -> str:
        """Return the word."""
        return self.term


class CaseCell(models.Model):
    """One cell that a case lies in: how others find it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="cells")
    key = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "case"], name="case_once_per_cell")]

    def __str__(self) -> str:
        """Return the cell."""
        return self.key


class Cell(models.Model):
    """A piece of what is scarce: a square of land for a band, a call for placements.

    Its version grows whenever something in it is given or given up; its row is what deciders lock.
    """

    key = models.CharField(max_length=64, primary_key=True)
    version = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        """Return key and version."""
        return f"{self.key} v{self.version}"


class Deadline(models.Model):
    """A dated duty of a case, or the day on which a window opens, from the clocks of its rule pack."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deadlines")
    clock = models.CharField(max_length=64)
    due = models.DateField()
    role = models.CharField(max_length=8, choices=[("due", "due"), ("opens", "opens")])
    who = models.CharField(max_length=20, blank=True)
    citation = models.CharField(max_length=300, blank=True)
    met_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "clock"], condition=Q(met_at=None), name="one_open_deadline_per_clock"
            )
        ]
        indexes = [models.Index(fields=["due"], condition=Q(met_at=None), name="deadline_open_due")]

    def __str__(self) -> str:
        """Return case, clock and day."""
        return f"{self.case} {self.clock} {self.due}"


class Job(models.Model):
    """Progress of one long piece of work, for whoever waits for it."""

    name = models.CharField(max_length=100, unique=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    result = models.TextField(blank=True)
    failed = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        """Return name and progress."""
        return f"{self.name} {self.done}/{self.total}"
