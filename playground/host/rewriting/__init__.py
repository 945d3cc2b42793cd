"""Pages as models write them, made to run from the artifact host: a pure stream transformation."""
