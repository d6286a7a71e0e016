"""What the office says when the database refuses: a full disk, a read-only file, a server that is gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, IntegrityError, connection, transaction

from comity.errors import ComityError


@contextmanager
def whole() -> Iterator[None]:
    """Run the block in one transaction: all of it is on disk when it ends, or nothing is.

    Raises
    ------
    ComityError
        If the database refuses to write or is not in reach. What broke a rule of the data passes through as it is.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise
    except DatabaseError as error:
        reason = str(error).strip().split("\n")[0]
        raise ComityError(f"the database could not be written ({reason}); nothing was changed") from error


@contextmanager
def one_moment() -> Iterator[None]:
    """Make every read of the block see the same moment, and keep no writer waiting meanwhile."""
    if connection.vendor != "sqlite":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    with connection.cursor() as cursor:  # atomic() would begin IMMEDIATE and hold up every submission
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
