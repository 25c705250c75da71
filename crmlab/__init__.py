"""Customer analytics you can read: one folder per question about customers."""

from pkgutil import iter_modules

import lazy_loader

from crmlab._words import dress_frames
from crmlab._words import language as language

__version__ = "0.1.0"

# Every topic and shared room is there after `import crmlab`, and loads when first used.
_ROOMS = [room.name for room in iter_modules(__path__) if room.ispkg and room.name[0] != "_"]
__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, [*_ROOMS, "language"])

dress_frames()
