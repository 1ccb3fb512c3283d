"""One file a framework: the same work, written as its own users would write it."""
