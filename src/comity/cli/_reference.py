"""The command line as a page of the documentation: ``python -m comity.cli._reference > docs/reference/cli.md``."""

from __future__ import annotations

from typing import Any

_HEAD = """# Command line

Every verb, as `comity VERB --help` prints it. Every verb that answers takes `--json`; progress goes to standard
error and only to a terminal; errors name the place and the way out.

Exit codes: 0 done or granted; 1 the answer is no (refused, a case missed its tolerance, a replay differs); 2 the
input or the command line cannot be used; 3 something needed is missing (terrain, a file, an optional extra);
4 referred to an officer; 70 a defect of comity itself.
"""


def commands() -> list[tuple[str, Any]]:
    """Return every command with its full name, depth first, in alphabetical order."""
    import typer

    from comity.cli import _build

    root: Any = typer.main.get_command(_build())
    return _walk("comity", root)


def _walk(name: str, command: Any) -> list[tuple[str, Any]]:
    children = getattr(command, "commands", None)
    if not children:
        return [(name, command)]
    return [entry for child in sorted(children) for entry in _walk(f"{name} {child}", children[child])]


def as_markdown() -> str:
    """Return the whole page."""
    return _HEAD + "".join(f"\n## {name}\n\n{_section(command)}" for name, command in commands())


def _section(command: Any) -> str:
    lines = [_paragraph(command.help or ""), "", "| argument or option | meaning |", "| --- | --- |"]
    for parameter in command.params:
        names = ", ".join(f"`{o}`" for o in (*parameter.opts, *parameter.secondary_opts))
        if parameter.param_type_name == "argument":
            names = f"`{(parameter.metavar or parameter.name or '').upper()}`"
        lines.append(f"| {names} | {' '.join((getattr(parameter, 'help', '') or '').split())} |")
    return "\n".join(lines) + "\n"


def _paragraph(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


if __name__ == "__main__":
    print(as_markdown(), end="")
