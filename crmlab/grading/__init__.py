"""What an instructor runs: release, the box that student code runs in, marks and feedback."""
