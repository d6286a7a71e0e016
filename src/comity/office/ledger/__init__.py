"""The register's source: entries in the database, published as a tiled log."""
