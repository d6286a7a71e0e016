"""The command line: one file per verb, found by walking this folder.

A verb's module holds one function named ``command`` (or a ``typer.Typer`` named ``app`` for a verb with
sub-commands), one line ``HELP`` and, if needed, Click settings named ``CONTEXT``. Nothing heavy is imported at
module level: ``comity --help`` must stay under 0.4 s.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from comity import _notices
from comity.errors import ComityError

if TYPE_CHECKING:
    from typer import Typer


def main() -> None:
    """Run the command line; user errors end with a message and their exit code, never with a traceback."""
    _notices.listener = _tell
    try:
        _build()()
    except ComityError as error:
        print(error.render(), file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except Exception as defect:
        if os.environ.get("COMITY_TRACEBACK"):
            raise
        print(f"comity has a defect: {type(defect).__name__}: {defect}", file=sys.stderr)
        print("COMITY_TRACEBACK=1 shows where; please report it.", file=sys.stderr)
        raise SystemExit(70) from None


def _tell(notice: str) -> None:
    print(f"comity: {notice}", file=sys.stderr, flush=True)


@contextmanager
def _quiet_on_closed_pipe() -> Iterator[None]:
    """End with 141 where nobody reads on; left to Click or Rich it would be 1, the code for "refused"."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except (BrokenPipeError, SystemExit) as end:
        # Rich turns a closed pipe into an exit of its own.
        if not isinstance(end, BrokenPipeError) and not isinstance(end.__context__, BrokenPipeError):
            raise
        # What is still in the buffer must not be written when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(141) from None


def _build() -> Typer:
    import typer
    from typer.core import TyperGroup

    class Group(TyperGroup):
        """Commands whose reader may leave early, as ``| head`` does."""

        def make_context(self, *args: Any, **kwargs: Any) -> Any:
            """Read the command line; its help is printed here."""
            with _quiet_on_closed_pipe():
                return super().make_context(*args, **kwargs)

        def invoke(self, ctx: Any) -> Any:
            """Run the verb."""
            with _quiet_on_closed_pipe():
                return super().invoke(ctx)

    app = typer.Typer(
        name="comity",
        cls=Group,
        help="Decide applications for what is scarce: spectrum, partner cities, placements.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for module_info in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        if module_info.name.startswith("_"):
            continue
        module = importlib.import_module(f"comity.cli.{module_info.name}")
        verb = module_info.name.replace("_", "-")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=verb, help=module.HELP)
        else:
            settings = getattr(module, "CONTEXT", None)
            app.command(name=verb, help=module.HELP, context_settings=settings)(module.command)
    return app
