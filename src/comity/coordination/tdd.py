"""Whether two networks transmit and receive at the same times, derived from frames and clocks."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import gcd

from comity.coordination.network import TddFrame
from comity.coordination.policy import Policy
from comity.rules.text import Text

Interval = tuple[Fraction, Fraction]
_TRACEABLE = ("gnss", "ptp")
_SYMBOLS = 14


def synchronised(
    a: TddFrame | None,
    b: TddFrame | None,
    policy: Policy,
    groups: tuple[str | None, str | None] = (None, None),
) -> tuple[bool, Text]:
    """Return whether two networks count as synchronised, and why.

    They do when both frame starts follow UTC and at no time one network sends down while the other sends up
    for longer than the tolerance. Whatever is not known counts as not synchronised. What a regime assumes holds
    between networks of one group; all others are derived.

    Parameters
    ----------
    a, b : frames; ``None`` where the record has none
    policy : gives the rule (derived, assumed, never) and the tolerance
    groups : sync group of each
    """
    if policy.synchronisation == "assumed" and groups[0] is not None and groups[0] == groups[1]:
        return True, Text(
            f"The regime assumes that networks of this group are synchronised ({groups[0]}).",
            f"本制度推定同組之網路彼此同步（{groups[0]}）。",
        )
    if policy.synchronisation == "never":
        return False, Text(
            "The regime treats networks of this band as not synchronised.",
            "本制度將此頻段內之網路視為不同步。",
        )
    return _derived(a, b, policy.sync_tolerance_us)


@lru_cache(maxsize=4096)
def _derived(a: TddFrame | None, b: TddFrame | None, tolerance_us: float) -> tuple[bool, Text]:
    if a is None or b is None:
        return False, Text("The frame of one network is not known.", "其中一方之時槽配置不明。")
    for frame in (a, b):
        if frame.clock not in _TRACEABLE:
            return False, Text(
                f"The frame start of one network does not follow UTC (clock: {frame.clock or 'not stated'}).",
                f"其中一方之訊框起點未追溯至世界協調時間（時脈：{frame.clock or '未載明'}）。",
            )
        if "F" in frame.pattern or ("S" in frame.pattern and _special(frame) is None):
            return False, Text(
                f"The directions of pattern {frame.pattern} are not fully stated.",
                f"時槽樣式 {frame.pattern} 之傳輸方向未完整載明。",
            )
    clash_us = max(_clash_us(a, b), _clash_us(b, a))
    pair = f"{_name(a)} / {_name(b)}"
    if clash_us > tolerance_us:
        return False, Text(
            f"One network sends down for {float(clash_us):g} us while the other sends up ({pair}).",
            f"一方下行時，他方上行達 {float(clash_us):g} 微秒（{pair}）。",
        )
    return True, Text(
        f"Downlink of one never meets uplink of the other for more than {tolerance_us:g} us ({pair}).",
        f"雙方上下行重疊均不逾 {tolerance_us:g} 微秒（{pair}）。",
    )


def _name(frame: TddFrame) -> str:
    special = f" {frame.special_slot}" if frame.special_slot else ""
    return f"{frame.pattern}{special} {frame.subcarrier_spacing_khz} kHz"


def _special(frame: TddFrame) -> tuple[int, int, int] | None:
    if frame.special_slot is None:
        return None
    down, guard, up = (int(part) for part in frame.special_slot.split(":"))
    return (down, guard, up) if down + guard + up == _SYMBOLS else None


def _slot_us(frame: TddFrame) -> Fraction:
    return Fraction(1000 * 15, frame.subcarrier_spacing_khz)


def _intervals(frame: TddFrame, direction: str) -> list[Interval]:
    """Return the times within one period in which the frame sends in ``direction``, merged [us]."""
    slot = _slot_us(frame)
    down, _, up = _special(frame) or (0, 0, 0)
    parts: list[Interval] = []
    for i, kind in enumerate(frame.pattern):
        start = i * slot
        if kind == direction:
            parts.append((start, start + slot))
        elif kind == "S" and direction == "D" and down:
            parts.append((start, start + slot * down / _SYMBOLS))
        elif kind == "S" and direction == "U" and up:
            parts.append((start + slot * (_SYMBOLS - up) / _SYMBOLS, start + slot))
    return parts


def _clash_us(down_frame: TddFrame, up_frame: TddFrame) -> Fraction:
    """Return the longest unbroken time in which the first sends down while the second sends up [us]."""
    period_down, period_up = (_slot_us(f) * len(f.pattern) for f in (down_frame, up_frame))
    shift = Fraction(up_frame.frame_offset_us) - Fraction(down_frame.frame_offset_us)
    # Two repeating intervals meet at every offset that is a whole number of this step.
    step = _common_step(period_down, period_up)
    longest = Fraction(0)
    for d_start, d_end in _merged(_intervals(down_frame, "D"), period_down):
        for u_start, u_end in _merged(_intervals(up_frame, "U"), period_up):
            longest = max(longest, _longest_overlap(d_start, d_end, u_start + shift, u_end + shift, step))
    return longest


def _common_step(a: Fraction, b: Fraction) -> Fraction:
    denominator = a.denominator * b.denominator
    return Fraction(gcd(int(a * denominator), int(b * denominator)), denominator)


def _merged(parts: list[Interval], period: Fraction) -> list[Interval]:
    """Join intervals that touch, across the end of the period too."""
    joined: list[Interval] = []
    for start, end in parts:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    if len(joined) > 1 and joined[0][0] == 0 and joined[-1][1] == period:
        joined[-1] = (joined[-1][0], joined[0][1] + period)
        joined.pop(0)
    return joined


def _longest_overlap(
    a_start: Fraction, a_end: Fraction, b_start: Fraction, b_end: Fraction, step: Fraction
) -> Fraction:
    """Return the longest overlap of [a_start, a_end] with [b_start, b_end] + k step, over all whole k."""
    centre = (a_start + a_end - b_start - b_end) / 2
    k = centre // step
    return max(min(a_end, b_end + n * step) - max(a_start, b_start + n * step) for n in (k, k + 1))
