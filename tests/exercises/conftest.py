"""The small shop is an exercise to test with, not a test."""

collect_ignore = ["source"]
