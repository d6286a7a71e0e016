"""Entries of the register, and the records they commit to."""

from __future__ import annotations

from typing import Any

from django.db import models


class AppendOnly(models.Model):
    """A row that is written once: neither changed nor deleted through the ORM."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; refuse to update."""
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} rows are never changed")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse."""
        raise TypeError(f"{type(self).__name__} rows are never deleted")


class Entry(AppendOnly):
    """Entry ``index`` of the log, exactly as it is hashed."""

    index = models.BigIntegerField(primary_key=True)
    data = models.BinaryField()
    programme = models.CharField(max_length=32)
    case = models.CharField(max_length=80, db_index=True)
    kind = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        ordering = ("index",)
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        """Return index, case and kind."""
        return f"{self.index} {self.case} {self.kind}"


class Head(models.Model):
    """Number of entries. Its one row is the lock under which indexes are given out, without gaps."""

    size = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        """Return the size."""
        return str(self.size)


class Record(models.Model):
    """What an entry's commitment opens to. Erasing empties ``salt`` and ``data``; the entry stays provable."""

    commitment = models.CharField(max_length=64, primary_key=True)
    case = models.CharField(max_length=80, db_index=True)
    salt = models.BinaryField(max_length=32, null=True)
    data = models.BinaryField(null=True)
    keep_until = models.DateField(null=True, db_index=True)
    erased_at = models.DateTimeField(null=True)
    erased_under = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        """Return case and commitment."""
        return f"{self.case} {self.commitment[:12]}"
