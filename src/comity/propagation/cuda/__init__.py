"""The same kernels on a GPU, by Numba CUDA.

Eight neighbouring threads are the eight lanes of a kernel (see :mod:`comity.propagation._lanes`): they load
neighbouring points of a profile together, exchange maxima and sums through the warp in the order in which a processor
combines the lanes of a vector, and then each goes on with a link of its own. Products and sums are not contracted,
divisions and roots are correctly rounded, elementary functions are our own: a GPU gives the bits of the CPU.

Decisions do not use it. What a GPU computes screens and draws; see docs/guide/gpu.md.
"""
