"""City pairing: places, indicators, treatment kept stage by stage, scores, optimal sets of pairs, sensitivity.

The modules are imported by name: ``places`` (register and gazetteer), ``indicators`` (framework, import),
``treatment`` (the stages), ``neighbours`` (statistical nearest neighbours), ``scores`` (four components under a
policy), ``text`` (shared challenges), ``pairing`` (the optimal set), ``conflict`` (why there is none), ``ranked``
(cities rank each other), ``sensitivity``, ``evidence``.
"""
