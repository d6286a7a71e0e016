"""Inspection of the register: everything can be read, nothing changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from comity.office.ledger.models import Entry, Record

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class ReadOnly(ModelAdmin):
    """A page that shows and never changes."""

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        """Nobody adds by hand."""
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Nobody changes by hand."""
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """Nobody deletes by hand."""
        return False


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    """Entries of the log."""

    list_display = ("index", "at", "programme", "case", "kind")
    list_filter = ("programme", "kind")
    search_fields = ("case",)
    fields = ("index", "at", "programme", "case", "kind", "content")
    readonly_fields = ("content",)

    @admin.display(description="entry, as it is hashed")
    def content(self, entry: Entry) -> str:
        """Return the entry's canonical JSON."""
        return bytes(entry.data).decode("utf-8", "backslashreplace")


@admin.register(Record)
class RecordAdmin(ReadOnly):
    """Records: which there are and which were erased; their content is not shown here."""

    list_display = ("commitment", "case", "keep_until", "erased_at", "erased_under")
    search_fields = ("case", "commitment")
    exclude = ("salt", "data")
