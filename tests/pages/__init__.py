"""Reports as a reader sees them: in a browser, from a file, without a network."""
