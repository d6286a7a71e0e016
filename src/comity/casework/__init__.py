"""The spine of every programme: application, checks, allocation, decision, replay.

``decide`` and ``replay`` are the two verbs; a programme is passed into them as a
:class:`~comity.casework.programme.Programme` and never imported here.
"""
