from .guesses import guess as guess
from .guesses import reveal as reveal
from .quizzes import quiz as quiz
from .standing import standing as standing
from .standing import progress as progress
from .tutor import check as check
from .tutor import hint as hint
from .tutor import load_mine as load_mine

__all__: list[str]
