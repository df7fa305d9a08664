"""One module a source: it yields rows and names what it rejects."""
