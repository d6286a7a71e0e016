"""Small kernels for the tests of the machine."""

ARRAY = 7  # parameters that an array of one axis takes
HEAD = ".version 8.0\n.target sm_90\n.address_size 64\n"


def kernel(body: str, *, arrays: int = 2, head: str = "") -> str:
    """A kernel over ``arrays`` arrays, their addresses in %rd0, %rd1 ..., and the thread's number in %r0 and %rd9."""
    parameters = ", ".join(f".param .u64 k_param_{i}" for i in range(ARRAY * arrays))
    addresses = "".join(f"ld.param.u64 %rd{i}, [k_param_{ARRAY * i + 4}];\n" for i in range(arrays))
    registers = ".reg .pred %p<9>; .reg .b16 %rs<9>; .reg .b32 %r<30>; .reg .b64 %rd<30>; .reg .f64 %fd<9>;\n"
    start = f"{registers}{addresses}mov.u32 %r0, %tid.x;\nmul.wide.u32 %rd9, %r0, 8;\n"
    return f"{HEAD}{head}\n.visible .entry k({parameters})\n{{\n{start}{body}\nret;\n}}\n"
