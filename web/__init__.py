"""What people see: HTTP, the live stream, the command line, the pages."""
