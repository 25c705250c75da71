"""What is fitted to customers: how success grows with spend."""

from .response import SpendingResponse as SpendingResponse
