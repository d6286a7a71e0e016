"""Which channels a band offers, and which of them an application asks for."""

from __future__ import annotations

from math import floor

from comity.programmes.spectrum.application import SpectrumApplication
from comity.programmes.spectrum.facts import FactBook
from comity.programmes.spectrum.network import Channel

#: Channel edges are compared to the nearest hertz [MHz].
_HERTZ_DECIMALS = 6


def band_edges(book: FactBook, band: str) -> Channel | None:
    """Return the edges of a band [MHz], ``None`` where the regime does not have it."""
    low, high = book.value(f"band.{band}.low_mhz"), book.value(f"band.{band}.high_mhz")
    if low is None or high is None or band not in book.texts("band.ids"):
        return None
    return book.number(f"band.{band}.low_mhz", 0.0), book.number(f"band.{band}.high_mhz", 0.0)


def bandwidths(book: FactBook, band: str) -> tuple[float, ...]:
    """Return the bandwidths that a band offers [MHz], narrowest first."""
    value = book.value(f"band.{band}.bandwidths_mhz")
    numbers = value if isinstance(value, tuple) else ()
    return tuple(sorted(float(v) for v in numbers if isinstance(v, int | float)))


def channels_of(book: FactBook, band: str, bandwidth_mhz: float) -> tuple[Channel, ...]:
    """Return every channel of ``bandwidth_mhz`` on the band's raster, lowest first."""
    edges = band_edges(book, band)
    if edges is None:
        return ()
    low, high = edges
    raster = book.number(f"band.{band}.raster_mhz", bandwidth_mhz)
    steps = floor(round((high - low - bandwidth_mhz) / raster, _HERTZ_DECIMALS))
    starts = (round(low + k * raster, _HERTZ_DECIMALS) for k in range(steps + 1))
    return tuple((start, round(start + bandwidth_mhz, _HERTZ_DECIMALS)) for start in starts)


def asked_channels(application: SpectrumApplication, offered: tuple[Channel, ...]) -> tuple[Channel, ...]:
    """Return the channels that the application asks for, in its order; without a wish all that are offered."""
    wishes = tuple((c.low_mhz, c.high_mhz) for c in application.radio.channels)
    return wishes or offered
