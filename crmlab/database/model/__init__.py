"""Fitted, then used: what is learned from a customer database."""

from .effects import DesignEffects as DesignEffects
