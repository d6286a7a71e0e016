"""Law as data: dated, cited facts and three-valued rules, read from packs and applied without a guess.

Start with :func:`comity.rules.load.load_pack`, :func:`comity.rules.evaluate.evaluate`,
:func:`comity.rules.fees.fees`, :func:`comity.rules.clocks.deadlines` and
:func:`comity.rules.compare.compare`. Nothing is imported here, so that the command line stays quick.
"""
