"""Data in: the sets that ship with the kit, and a reader's own files."""

import lazy_loader

# The names themselves stand in the stub beside this file; each module loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
