"""`crmlab report`: a reader's own purchases in, one self-contained HTML page out.

page        the whole page, and the file it is written to
case        what is measured once and read by every section
sections    the page's story, one module per section
blocks      what a section is made of: cards, tables, pictures, notes, terms
words       numbers and text from the file, fit to be read
project     a question promised, held out and told; its `findings`, its `steps`, its `project_page`
pseudonyms  ids that only the holder of the file can trace
templates   how it all looks
"""

import lazy_loader

# The names themselves stand in the stub beside this file; drawing loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
