"""The office: the Django site. The only place that imports Django; the library below never does."""
