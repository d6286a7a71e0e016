"""Coverage rasters: exact against the point functions, radial against P.1812 on the radial's own profile."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.compute.executors import Serial, Threads
from comity.coordination.coverage import Plan, Transmitter, coverage, level_dbm
from comity.errors import ComityError, ValidityError
from comity.propagation import p452, p525, p1812
from comity.propagation.paths import Paths
from comity.terrain import Ground, open_ground

HSINCHU = Transmitter(24.80, 120.97, 30.0, 3500.0)
SKYE = Transmitter(57.25, -6.25, 20.0, 3900.0)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return open_ground(tmp_path_factory.mktemp("store"))


def model_loss(paths: Paths, transmitter: Transmitter, plan: Plan):
    """The public point function."""
    common = {
        "tx_height_m": transmitter.height_m,
        "rx_height_m": plan.rx_height_m,
        "dn": plan.dn,
        "n0": plan.n0,
    }
    common |= {"polarisation": transmitter.polarisation}
    function = p452.basic_transmission_loss if plan.model == "p452" else p1812.basic_transmission_loss
    return function(paths, transmitter.frequency_mhz, plan.time_percent, **common)


@pytest.mark.parametrize("model", ["p1812", "p452"])
@pytest.mark.parametrize(("transmitter", "cover"), [(HSINCHU, "degurba"), (SKYE, "none")])
def test_every_pixel_of_an_exact_raster_is_the_point_functions_bit_for_bit(ground, transmitter, cover, model):
    plan = Plan(4.0, 150.0, model=model, cover=cover, time_percent=10.0)
    found = coverage(ground, transmitter, plan)
    rows, columns = np.nonzero(np.isfinite(found.loss_db))
    east, north = found.frame.offsets_m(rows, columns)
    far = np.hypot(east, north) >= 250.0
    latitude, longitude = found.frame.places(rows, columns)
    place = transmitter.latitude_deg, transmitter.longitude_deg
    for chosen in np.array_split(np.flatnonzero(far), 7):  # blocks of other sizes than the raster's own
        paths = ground.paths(*place, latitude[chosen], longitude[chosen], spacing_m=150.0, cover=cover)
        assert np.array_equal(
            found.loss_db[rows[chosen], columns[chosen]], model_loss(paths, transmitter, plan)
        )
    near = found.loss_db[rows[~far], columns[~far]]
    distance_km = np.maximum(np.hypot(east, north)[~far] / 1e3, 0.001)
    assert near == pytest.approx(p525.free_space_loss(transmitter.frequency_mhz, distance_km), abs=1e-9)


def test_pixels_beyond_the_radius_and_behind_the_hole_of_xueshan_are_blank_and_the_others_are_not(ground):
    transmitter = Transmitter(24.45, 121.20, 30.0, 3500.0)
    plan = Plan(25.0, 1000.0, cover="none")
    exact, radial = (coverage(ground, transmitter, plan, mode=mode).loss_db for mode in ("exact", "radial"))
    rows, columns = np.indices(exact.shape)
    outside = np.hypot(rows - 25, columns - 25) > 25.0
    assert np.isnan(exact[outside]).all()
    blank = np.isnan(exact) & ~outside
    assert 50 < blank.sum() < 1000
    assert (np.isnan(radial) != np.isnan(exact)).mean() < 0.02
    frame = coverage(ground, transmitter, plan).frame
    latitude, longitude = frame.places(rows, columns)
    for row, column in list(zip(*np.nonzero(blank)))[::40]:
        with pytest.raises(ComityError, match="terrain is missing"):
            ground.paths(24.45, 121.20, latitude[row, column], longitude[row, column], spacing_m=1000.0)


def test_threads_tiles_and_another_process_change_no_bit(ground):
    plan = Plan(5.0, 20.0)  # 501 pixels a side: four tiles
    alone = coverage(ground, HSINCHU, plan, executor=Serial()).loss_db
    with Threads(3) as threads:
        together = coverage(ground, HSINCHU, plan, executor=threads).loss_db
    sent = pickle.loads(pickle.dumps(ground))
    assert alone.tobytes() == together.tobytes()
    assert alone.tobytes() == coverage(sent, HSINCHU, plan).loss_db.tobytes()


def test_an_interrupted_run_goes_on_and_ends_with_the_same_values(ground, tmp_path):
    pytest.importorskip("zarr")
    plan = Plan(6.0, 20.0)
    whole = coverage(ground, HSINCHU, plan).loss_db.astype(np.float32)

    class PulledPlug(Exception):
        pass

    def pull(done: int, total: int) -> None:
        if done == 2:
            raise PulledPlug

    with pytest.raises(PulledPlug):
        coverage(ground, HSINCHU, plan, folder=tmp_path / "run", progress=pull)
    counts = []
    found = coverage(
        ground, HSINCHU, plan, folder=tmp_path / "run", progress=lambda done, total: counts.append(done)
    )
    assert counts[0] == 3
    assert np.array_equal(found.loss_db, whole, equal_nan=True)
    with pytest.raises(ComityError, match="other inputs"):
        coverage(ground, HSINCHU, Plan(6.0, 20.0, time_percent=49.0), folder=tmp_path / "run")


# --- radial ------------------------------------------------------------------------------------------------------


def profile_of(radial, k, d, height, zone, step_km, place):
    """The profile that a receiver of a radial sees, as a record of one path."""
    part = slice(radial.offsets[0], radial.offsets[0] + k + 1)
    distance = np.append(np.arange(k + 1) * step_km, d)
    heights, cover = np.append(radial.height_m[part], height), np.append(radial.cover_m[part], 0.0)
    zones = np.append(radial.zone[part], zone).astype(np.int8)
    ends = [np.array([v]) for v in place]
    return Paths(np.array([0, k + 2]), distance, heights, cover, zones, *ends)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_radial_value_is_p1812_on_the_profile_that_its_receiver_sees(ground, data):
    """The mathematics of the walk, alone: sums, bounds and bisections against the model's full pass."""
    from comity.coordination.coverage_radial import radial_losses_db
    from comity.terrain.frame import frame_around
    from comity.terrain.geodesy import bearing_deg, destination, distance_km

    transmitter = data.draw(st.sampled_from([HSINCHU, SKYE, Transmitter(22.62, 120.35, 60.0, 700.0)]))
    plan = Plan(
        data.draw(st.sampled_from([3.0, 8.0, 15.0])),
        data.draw(st.sampled_from([50.0, 90.0])),
        cover=data.draw(st.sampled_from(["none", "degurba"])),
        time_percent=data.draw(st.sampled_from([1.0, 10.0, 50.0])),
        rx_height_m=data.draw(st.sampled_from([1.5, 12.0])),
    )
    place = transmitter.latitude_deg, transmitter.longitude_deg
    # The raster of a network is that of its site, and its stations stand beside the middle.
    beside = data.draw(st.sampled_from([(0.0, 0.0), (0.6, -1.1), (-2.0, 0.3)]))
    azimuth, offset_km = np.degrees(np.arctan2(*beside)), float(np.hypot(*beside))
    centre = place if not offset_km else tuple(float(v) for v in destination(*place, azimuth, offset_km))
    frame, step_km = frame_around(*centre, plan.radius_km, plan.pixel_m), plan.pixel_m / 1e3
    loss_db = next(radial_losses_db(ground, frame, [transmitter], plan))
    reach_km = plan.radius_km + (float(distance_km(*place, *centre)) if offset_km else 0.0)
    radials = int(np.ceil(2 * np.pi * reach_km * 1e3 / plan.pixel_m))
    heights, zones = ground.frame_heights_and_zones(frame)
    points = int(np.ceil(reach_km / step_km - 1e-9)) + 1
    pixels = np.flatnonzero(np.isfinite(loss_db))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    for pixel in rng.choice(pixels, 12):
        row, column = divmod(int(pixel), frame.side)
        there = frame.places(np.array([row]), np.array([column]))
        own_km, bearing = float(distance_km(*place, *there)[0]), float(bearing_deg(*place, *there)[0])
        turn, steps = bearing * radials / 360.0, own_km / step_km
        if own_km < 0.25 or min(abs(turn % 1.0 - 0.5), abs(steps % 1.0 - 0.5)) < 1e-6:
            continue  # free space; or midway between two radials or points: either is its nearest
        nearest, k = round(turn) % radials, round(steps) - 1
        end = destination(*place, nearest * 360.0 / radials, (points - 1) * step_km)
        radial, _ = ground.paths_with_holes(
            *place,
            np.atleast_1d(end[0]),
            np.atleast_1d(end[1]),
            spacing_m=plan.pixel_m * (1 + 1e-7),
            cover=plan.cover,
        )
        d = (k + 1) * step_km
        seen = profile_of(radial, k, d, heights[pixel], zones[pixel], step_km, (*place, *there))
        expected = model_loss(seen, transmitter, plan)[0] + 20.0 * np.log10(own_km / d)
        millimetre_db = 20.0 * np.log10(1.0 + 1e-6 / own_km)  # to which distances are rounded
        assert loss_db[row, column] == pytest.approx(expected, abs=1e-5 + millimetre_db)


@pytest.mark.parametrize(("transmitter", "cover"), [(HSINCHU, "none"), (SKYE, "none"), (HSINCHU, "degurba")])
def test_a_radial_raster_agrees_with_the_exact_one_as_well_as_shifted_profiles_do(ground, transmitter, cover):
    """The two differ by where the profile's points lie; so does an exact raster of 10 % longer steps."""
    plan = Plan(6.0, 60.0, cover=cover)
    exact = coverage(ground, transmitter, plan).loss_db
    shifted = coverage(ground, transmitter, Plan(6.0, 60.0, cover=cover, spacing_m=66.0)).loss_db
    radial = coverage(ground, transmitter, plan, mode="radial").loss_db
    assert np.array_equal(np.isnan(exact), np.isnan(radial))
    error, yardstick = (np.abs(other - exact)[np.isfinite(exact)] for other in (radial, shifted))
    assert np.median(error) < 1.0
    assert np.percentile(error, 90) < 2.5 * np.percentile(yardstick, 90) + 1.0
    assert abs(np.nanmean(radial - exact)) < 0.3


def test_over_a_flat_sea_radial_and_exact_agree_to_a_few_hundredths(ground):
    transmitter = Transmitter(24.95, 120.55, 40.0, 3500.0)
    plan = Plan(8.0, 100.0, time_percent=10.0)
    exact, radial = (coverage(ground, transmitter, plan, mode=mode).loss_db for mode in ("exact", "radial"))
    assert np.nanmax(np.abs(exact - radial)) < 0.05


# --- levels and refusals -------------------------------------------------------------------------------------------


def test_the_level_is_eirp_less_discrimination_less_loss(ground):
    from comity.antennas import Mounted, Sector

    plan = Plan(2.0, 100.0)
    antenna = Mounted(Sector(17.0, 65.0, frequency_mhz=3500.0), azimuth_deg=90.0)
    plain = Transmitter(24.80, 120.97, 30.0, 3500.0, eirp_dbm=60.0)
    pointed = Transmitter(24.80, 120.97, 30.0, 3500.0, eirp_dbm=60.0, antenna=antenna)
    found = coverage(ground, plain, plan)
    assert level_dbm(ground, found) == pytest.approx(60.0 - found.loss_db, nan_ok=True)
    beam = level_dbm(ground, coverage(ground, pointed, plan)) - level_dbm(ground, found)
    assert beam[20, 38] == pytest.approx(0.0, abs=0.6)  # east, in the main beam
    assert beam[20, 2] < -20.0  # west, behind
    assert np.nanmax(beam) <= 1e-9


@pytest.mark.parametrize("mode", ["exact", "radial"])
def test_either_mode_refuses_what_the_model_is_not_valid_for(ground, mode):
    with pytest.raises(ValidityError, match="validity range"):
        coverage(ground, Transmitter(24.80, 120.97, 30.0, 7000.0), Plan(1.0, 100.0), mode=mode)


def test_what_cannot_be_computed_is_refused_all_at_once(ground):
    with pytest.raises(ValidityError) as caught:
        coverage(ground, HSINCHU, Plan(0.0, -1.0, model="p452", location_percent=90.0), mode="radial")
    assert {p.place for p in caught.value.problems} >= {"radius_km", "pixel_m", "mode", "location_percent"}
