"""Customer analytics you can read: one folder per question about customers."""

__version__ = "0.1.0"
