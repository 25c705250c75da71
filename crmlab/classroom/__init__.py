"""What a student imports: questions that answer back, own data, quizzes and progress.

check      compares an answer, and says what kind of wrong it is
hint       gives the next hint of a question, on request
load_mine  the data that only this student has
guess      a place to type what you expect, before you look
reveal     the truth, and your guess beside it
progress   which objectives are met, kept in a file on this machine
standing   how far one is in each chapter of the course
quiz       five questions to recall a chapter by
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each room loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
