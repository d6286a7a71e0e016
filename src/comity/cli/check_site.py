"""``comity check-site``: could I get this here? A quick answer without an application."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from comity.cli._kept import CACHE_HELP, share

HELP = "Say which channels are free at a place, without an application."

#: A western longitude begins with a minus sign and is no option.
CONTEXT = {"ignore_unknown_options": True}


def command(
    latitude: Annotated[float, typer.Argument(help="latitude [deg], WGS 84")],
    longitude: Annotated[float, typer.Argument(help="longitude [deg], west is negative")],
    regime: Annotated[str | None, typer.Option(help="rule pack; else the country's own")] = None,
    band: Annotated[str | None, typer.Option(help="band id of the regime; else its first TDD band")] = None,
    bandwidth: Annotated[float, typer.Option(help="channel width [MHz]")] = 40.0,
    power: Annotated[float, typer.Option(help="EIRP over the channel [dBm]")] = 24.0,
    height: Annotated[float, typer.Option(help="antenna height above ground [m]")] = 8.0,
    radius: Annotated[float, typer.Option(help="radius of the site [m]")] = 50.0,
    indoor: Annotated[bool, typer.Option("--indoor", help="the station stands in a building")] = False,
    product: Annotated[str, typer.Option(help="product of the regime, where it has products")] = "low_power",
    register: Annotated[Path | None, typer.Option(help="register of what is already there")] = None,
    on: Annotated[str | None, typer.Option(help="day whose rules apply; else today")] = None,
    cache: Annotated[bool, typer.Option(help=CACHE_HELP)] = True,
    language: Annotated[str, typer.Option(help="en or zh-Hant")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Test every channel of the band for one station at a place: technical rules and neighbours only.

    Exit codes: 0 at least one channel passes, 1 none does, 2 the input cannot be used, 3 something is missing.
    """
    from comity.cli._options import day, spoken
    from comity.cli._working import working
    from comity.programmes.spectrum.availability import Question, availability, regime_at
    from comity.programmes.spectrum.world import open_world

    tongue, today = spoken(language), day(on)
    question = Question(
        regime=regime or regime_at(latitude, longitude),
        latitude=latitude,
        longitude=longitude,
        band=band,
        bandwidth_mhz=bandwidth,
        eirp_dbm=power,
        height_m=height,
        radius_m=radius,
        indoor=indoor,
        product=product,
        received_on=today,
    )
    with working("looking at the neighbours"):
        world = open_world(question.regime, today=today, register=register)
        if cache:
            share("spectrum", world)
        answer = availability(question, world)
    if as_json:
        print(json.dumps(answer.as_dict(), ensure_ascii=False, sort_keys=True))
    else:
        from comity.cli._availability import print_availability

        print_availability(answer, tongue, register_given=register is not None)
    raise typer.Exit(0 if answer.free else 1)
