"""What each part of a promotion adds: fitted, then used."""

from .effects import DesignEffects as DesignEffects
