"""Emission masks of transmitters and filters of receivers, as steps over the offset from an edge."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MaskSegment:
    """Emission in one range of offsets from the channel edge, on both sides.

    Parameters
    ----------
    from_mhz, to_mhz : offsets from the nearer channel edge [MHz], both finite
    relative_db : power in ``reference_mhz`` against the power in the channel [dB], negative
    cap_dbm : absolute limit of that power [dBm per ``reference_mhz``], if any
    reference_mhz : reference bandwidth [MHz]
    """

    from_mhz: float
    to_mhz: float
    relative_db: float
    cap_dbm: float | None = None
    reference_mhz: float = 5.0


@dataclass(frozen=True, slots=True)
class SelectivitySegment:
    """Rejection of a receiver filter in one range of offsets from the edge of what it receives [dB]."""

    from_mhz: float
    to_mhz: float
    rejection_db: float


#: Non-AAS shape of the CEPT 3.4-3.8 GHz base station mask [dBm EIRP per 5 MHz].
BASE_MASK = (
    MaskSegment(0.0, 5.0, -40.0, 21.0),
    MaskSegment(5.0, 10.0, -43.0, 15.0),
    MaskSegment(10.0, 400.0, -43.0, 13.0),
)
#: Terminal ACLR of 30 dB in the first and 36 dB in the second adjacent 20 MHz, then spurious emission.
TERMINAL_MASK = (
    MaskSegment(0.0, 20.0, -30.0, None, 20.0),
    MaskSegment(20.0, 40.0, -36.0, None, 20.0),
    MaskSegment(40.0, 400.0, -50.0, -30.0, 1.0),
)
