"""One revision a file; a file is never changed once it has been released."""
