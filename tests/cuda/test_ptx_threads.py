"""The machine that executes PTX: threads of a warp exchange values and wait; what they may not do is found."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ptx_machine import POISON, ExecutionError, Machine
from ptx_snippets import HEAD, kernel

ORDERS = pytest.mark.parametrize("order", ["ascending", "descending", 1, 2])
#: Own place in the second array.
OUT = "add.s64 %rd8, %rd1, %rd9;\n"
SHARED = ".shared .align 8 .b8 room[256];"
#: Own place, and that of the neighbour whose number differs in the lowest bit, in shared memory.
ROOM = "mov.u64 %rd4, room;\nadd.s64 %rd5, %rd4, %rd9;\nxor.b64 %rd6, %rd9, 8;\nadd.s64 %rd6, %rd6, %rd4;\n"


def run(
    body: str, threads: int = 32, order: str | int = "ascending", blocks: int = 1, head: str = ""
) -> np.ndarray:
    """Run a kernel whose threads write words to their places of the second array; the first holds 100, 101 ..."""
    given_words, out = np.arange(100, 100 + threads * blocks), np.full(threads * blocks, -1)
    Machine(kernel(body, head=head)).launch(blocks, threads, [given_words, out], order=order)
    return out


def shuffled(mode: str, values: list[int], distance: int, clamp: int) -> list[tuple[int, bool]]:
    """What the ISA's description of shfl.sync gives each of 32 lanes."""
    found = []
    for lane in range(32):
        b, c, segment = distance & 31, clamp & 31, clamp >> 8 & 31
        most, least = (lane & segment) | (c & ~segment & 31), lane & segment
        j = {"up": lane - b, "down": lane + b, "bfly": lane ^ b, "idx": least | (b & ~segment & 31)}[mode]
        inside = j >= most if mode == "up" else j <= most
        found.append((values[j if inside else lane], inside))
    return found


@settings(max_examples=50)
@given(st.sampled_from(["up", "down", "bfly", "idx"]), st.integers(0, 31),
       st.sampled_from([31, 0, 0x181F, 0x1807, 0x1800]), st.integers(0, 9))  # fmt: skip
def test_shuffles_follow_the_isa(mode: str, distance: int, clamp: int, order: int) -> None:
    body = (
        f"add.u32 %r1, %r0, 1000;\nshfl.sync.{mode}.b32 %r2|%p1, %r1, {distance}, {clamp}, -1;\n"
        f"cvt.u64.u32 %rd2, %r2;\n@%p1 add.u64 %rd2, %rd2, 1000000;\n{OUT}st.global.u64 [%rd8], %rd2;"
    )
    expected = shuffled(mode, list(range(1000, 1032)), distance, clamp)
    assert run(body, order=order).tolist() == [value + 1000000 * inside for value, inside in expected]


@ORDERS
def test_votes_count_every_thread_of_the_mask(order: str | int) -> None:
    body = (
        "and.b32 %r1, %r0, 24;\nshl.b32 %r2, 255, %r1;\nsetp.eq.u32 %p1, %r0, 9;\nsetp.lt.u32 %p2, %r0, 16;\n"
        "vote.sync.any.pred %p3, %p1, %r2;\nvote.sync.all.pred %p4, %p2, %r2;\nvote.sync.uni.pred %p5, %p1, %r2;\n"
        "vote.sync.ballot.b32 %r3, !%p1, %r2;\n"
        "cvt.u64.u32 %rd2, %r3;\n@%p3 add.u64 %rd2, %rd2, 4294967296;\n@%p4 add.u64 %rd2, %rd2, 8589934592;\n"
        f"@%p5 add.u64 %rd2, %rd2, 17179869184;\n{OUT}st.global.u64 [%rd8], %rd2;"
    )
    words = run(body, order=order)
    assert (words & 2**32 - 1).tolist() == [(0xFF << t // 8 * 8) & ~(1 << 9) & 2**32 - 1 for t in range(32)]
    assert (words >> 32).tolist() == [2 + 4] * 8 + [1 + 2] * 8 + [4] * 16


@ORDERS
def test_groups_of_one_warp_go_different_ways(order: str | int) -> None:
    body = f"""
and.b32 %r1, %r0, 24;
shl.b32 %r2, 255, %r1;
shr.u32 %r3, %r0, 3;
mov.u32 %r5, %r0;
LOOP:
shfl.sync.bfly.b32 %r4, %r5, 1, 31, %r2;
add.u32 %r5, %r5, %r4;
sub.u32 %r3, %r3, 1;
setp.ge.s32 %p1, %r3, 0;
@%p1 bra LOOP;
{OUT}cvt.u64.u32 %rd2, %r5;
st.global.u64 [%rd8], %rd2;"""
    pairs = [t + (t ^ 1) for t in range(32)]
    assert run(body, order=order).tolist() == [pairs[t] * 2 ** (t // 8) for t in range(32)]


@ORDERS
def test_a_barrier_shows_what_others_wrote(order: str | int) -> None:
    own = f"{ROOM}st.shared.u64 [%rd5], %rd9;\nHERE\nld.shared.u64 %rd7, [%rd6];\n{OUT}st.global.u64 [%rd8], %rd7;"
    expected = [8 * (t ^ 1) for t in range(32)]
    for barrier in ("bar.warp.sync -1;", "bar.sync 0;", "barrier.sync 0;"):
        assert run(own.replace("HERE", barrier), order=order, head=SHARED).tolist() == expected
    vote = "setp.eq.u32 %p1, %r0, 0;\nvote.sync.any.pred %p2, %p1, -1;"
    for no_barrier in ("", vote, "membar.cta;"):
        with pytest.raises(
            ExecutionError, match=r"(changes|reads) what another thread wrote.* with no barrier"
        ):
            run(own.replace("HERE", no_barrier), order=order, head=SHARED)


@ORDERS
def test_a_place_is_not_changed_while_others_may_read_it(order: str | int) -> None:
    body = (
        f"{ROOM}st.shared.u64 [%rd5], 1;\nbar.warp.sync -1;\nld.shared.u64 %rd7, [%rd6];\nHERE\n"
        f"st.shared.u64 [%rd5], 2;\n{OUT}st.global.u64 [%rd8], %rd7;"
    )
    assert run(body.replace("HERE", "bar.warp.sync -1;"), order=order, head=SHARED).tolist() == [1] * 32
    with pytest.raises(ExecutionError, match=r"(changes|reads) what another thread wrote"):
        run(body.replace("HERE", ""), order=order, head=SHARED)


@ORDERS
def test_threads_may_write_one_value_together_but_not_two(order: str | int) -> None:
    body = f"{ROOM}st.shared.u64 [room], HERE;\nld.shared.u64 %rd7, [room];\n{OUT}st.global.u64 [%rd8], %rd7;"
    assert run(body.replace("HERE", "5"), order=order, head=SHARED).tolist() == [5] * 32
    with pytest.raises(ExecutionError, match="changes what another thread wrote"):
        run(body.replace("HERE", "%rd9"), order=order, head=SHARED)


def test_a_warp_does_not_order_what_another_warp_does() -> None:
    body = (
        "setp.eq.u32 %p1, %r0, 0;\n@%p1 st.shared.u64 [room], 7;\nHERE\n"
        f"ld.shared.u64 %rd7, [room];\n{OUT}st.global.u64 [%rd8], %rd7;"
    )
    assert run(body.replace("HERE", "bar.sync 0;"), 64, head=SHARED).tolist() == [7] * 64
    with pytest.raises(ExecutionError, match=r"block 0, thread 32, .*reads what another thread wrote"):
        run(body.replace("HERE", "bar.warp.sync -1;"), 64, head=SHARED)


def test_blocks_do_not_see_each_other() -> None:
    first = "mov.u32 %r1, %ctaid.x;\nmul.wide.u32 %rd2, %r1, 8;\nadd.s64 %rd8, %rd1, %rd2;\n"
    assert run(first + "st.global.u64 [%rd8], 3;", 1, blocks=4).tolist() == [3] * 4
    with pytest.raises(ExecutionError, match=r"block 1, thread 0, .*reads what another thread wrote"):
        run(first + "st.global.u64 [%rd8], 3;\nld.global.u64 %rd7, [%rd1];", 1, blocks=4)
    with pytest.raises(ExecutionError, match="changes what another thread wrote"):
        run(first + "st.global.u64 [%rd1], %rd2;", 1, blocks=4)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("setp.lt.u32 %p1, %r0, 8;\n@%p1 bra A;\nbar.warp.sync -1;\nbra B;\nA:\nbar.warp.sync -1;\nB:",
         "at another instruction"),
        ("setp.lt.u32 %p1, %r0, 8;\nselp.b32 %r1, 65535, -1, %p1;\nbar.warp.sync %r1;", "with another mask"),
        ("setp.eq.u32 %p1, %r0, 3;\n@%p1 ret;\nbar.warp.sync -1;", "has ended"),
        ("bar.warp.sync 1;", "a mask without itself"),
        ("and.b32 %r1, %r0, 24;\nshl.b32 %r2, 255, %r1;\nshfl.sync.bfly.b32 %r1, %r0, 8, 31, %r2;",
         "its mask does not name"),
        ("setp.eq.u32 %p1, %r0, 3;\n@%p1 trap;", "thread 3, line .*trap"),
    ],
)  # fmt: skip
def test_threads_that_would_wait_for_ever_are_named(body: str, why: str) -> None:
    with pytest.raises(ExecutionError, match=why):
        run(body)


def test_threads_that_wait_for_each_other_in_a_ring_are_found() -> None:
    ring = "shl.b32 %r1, 3, %r0;\nsetp.eq.u32 %p1, %r0, 2;\nselp.b32 %r1, 5, %r1, %p1;\nbar.warp.sync %r1;"
    with pytest.raises(ExecutionError, match="all threads wait, and none can go on"):
        run(ring, threads=3)
    halves = "setp.eq.u32 %p1, %r0, 1;\n@%p1 bra A;\nbar.sync 0;\nbra B;\nA:\nbar.warp.sync 3;\nB:"
    with pytest.raises(ExecutionError, match="at another instruction"):
        run(halves, threads=2)


def test_threads_that_a_block_lacks_are_missed() -> None:
    with pytest.raises(ExecutionError, match="has ended or does not exist"):
        run("bar.warp.sync -1;", threads=24)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("ld.global.u64 %rd7, [%rd0+256];", "in no array"),
        ("ld.global.u64 %rd7, [%rd0+-8];", "in no array"),
        ("ld.global.u64 %rd7, [%rd0+252];", "in no array"),
        ("ld.global.u64 %rd7, [%rd0+4];", "not aligned"),
        ("ld.global.v2.u64 {%rd7, %rd8}, [%rd0+8];", "not aligned"),
        ("ld.shared.u64 %rd7, [%rd0];", "in no array of this state space"),
        ("mov.u64 %rd4, fixed;\nld.global.u64 %rd7, [%rd4];", "in no array of this state space"),
        ("mov.u64 %rd4, fixed;\nst.u64 [%rd4], %rd9;", "writes a constant"),
        ("ld.shared.u64 %rd7, [room+256];", "in no array"),
    ],
)
def test_an_access_that_a_gpu_would_not_survive_is_found(body: str, why: str) -> None:
    text = kernel(body, head=f"{SHARED}\n.const .align 8 .u64 fixed[1] = {{7}};")
    line = text.split("\n").index(body.rpartition("\n")[2]) + 1
    with pytest.raises(ExecutionError, match=f"block 0, thread 0, line {line}: .*{why}"):
        Machine(text).launch(1, 1, [np.zeros(32), np.zeros(32)])


def test_memory_holds_what_the_text_says_and_nothing_else() -> None:
    head = f"{SHARED}\n.const .align 8 .b8 few[16] = {{1, 2, 255}};\n.const .f64 one = 0d3FF0000000000000;"
    body = (
        f"{OUT}setp.eq.u32 %p1, %r0, 0;\n@%p1 ld.const.u64 %rd7, [few];\n@!%p1 ld.shared.u64 %rd7, [room];\n"
    )
    words = run(
        body + "st.global.u64 [%rd8], %rd7;\nbar.sync 0;\nst.shared.u64 [room], 1;", 2, blocks=2, head=head
    )
    assert words.tolist()[:2] == [1 + 2 * 256 + 255 * 65536, POISON]
    ones = run(f"{OUT}ld.const.f64 %fd1, [one];\nst.global.f64 [%rd8], %fd1;", 2, head=head)
    assert ones.view(np.float64).tolist() == [1.0, 1.0]


@ORDERS
def test_each_thread_has_memory_of_its_own(order: str | int) -> None:
    body = (
        ".local .align 16 .b8 own[32];\nmov.u64 %rd2, own;\ncvta.local.u64 %rd3, %rd2;\nst.u64 [%rd3+8], %rd9;\n"
        f"bar.warp.sync -1;\nld.local.u64 %rd7, [%rd2+8];\n{OUT}st.global.u64 [%rd8], %rd7;"
    )
    assert run(body, order=order).tolist() == list(range(0, 256, 8))
    with pytest.raises(ExecutionError, match="in no array"):
        run("mov.u64 %rd2, own;\nst.local.u64 [%rd2+32], %rd9;\n.local .align 16 .b8 own[32];")


def test_a_thread_knows_its_place_in_the_grid() -> None:
    body = """
mov.u32 %r1, %ctaid.x;
mov.u32 %r2, %ntid.x;
mad.lo.s32 %r3, %r1, %r2, %r0;
mul.wide.u32 %rd2, %r3, 8;
add.s64 %rd8, %rd1, %rd2;
mov.u32 %r4, %nctaid.x;
mov.u32 %r5, %laneid;
mov.u32 %r6, %tid.y;
mov.u32 %r7, %ntid.z;
mad.lo.s32 %r4, %r4, 100, %r5;
mad.lo.s32 %r4, %r4, 10, %r6;
mad.lo.s32 %r4, %r4, 10, %r7;
cvt.u64.u32 %rd3, %r4;
st.global.u64 [%rd8], %rd3;"""
    words = run(body, 40, blocks=2)
    assert words.tolist() == [(200 + t % 40 % 32) * 100 + 1 for t in range(80)]


def test_a_table_of_branches_is_followed() -> None:
    body = f"""{OUT}
TABLE: .branchtargets ZERO, ONE, TWO;
brx.idx %r0, TABLE;
ZERO: mov.u64 %rd7, 10;
bra.uni END;
ONE: mov.u64 %rd7, 11;
bra.uni END;
TWO: mov.u64 %rd7, 12;
END: st.global.u64 [%rd8], %rd7;"""
    assert run(body, 3).tolist() == [10, 11, 12]


def test_vectors_are_loaded_and_stored_side_by_side() -> None:
    body = "ld.global.v2.u64 {%rd2, %rd3}, [%rd0];\nst.global.v2.u64 [%rd1], {%rd3, %rd2};"
    Machine(kernel(body)).launch(1, 1, [given_words := np.array([4, 5]), out := np.zeros(2, dtype=np.int64)])
    assert (given_words.tolist(), out.tolist()) == ([4, 5], [5, 4])


def test_numbers_are_parameters_of_their_type() -> None:
    text = f"""{HEAD}.entry k(.param .u8 a, .param .f64 b, .param .u32 c, .param .u64 .ptr d0)
{{ ret; }}""".replace(" .ptr", "")
    machine = Machine(text)
    machine.launch(1, 1, [True, 0.5, -1, 2**63])
    memory, offsets = machine._parameters.memory, machine._parameters.offsets
    assert offsets == {"a": 0, "b": 8, "c": 16, "d0": 24}
    assert memory[0] == 1 and memory[8:16].view(np.float64) == 0.5 and memory[16:20].view(np.int32) == -1
    with pytest.raises(ValueError, match="3 parameters given, the kernel takes 4"):
        machine.launch(1, 1, [1, 2, 3])
    with pytest.raises(ValueError, match="a is no number"):
        Machine(f"{HEAD}.entry k(.param .align 8 .b8 a[16]) {{ ret; }}").launch(1, 1, [1])
    with pytest.raises(ValueError, match="C-contiguous"):
        machine.launch(1, 1, [np.zeros((2, 2)).T])
