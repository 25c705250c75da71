"""What is learned of customers and then suggested to them.

recommend  PopularRecommender, ItemRecommender, FactorRecommender
rhythm     RhythmRecommender
compare    compare_recommenders
"""

from .compare import compare_recommenders as compare_recommenders
from .recommend import FactorRecommender as FactorRecommender
from .recommend import ItemRecommender as ItemRecommender
from .recommend import PopularRecommender as PopularRecommender
from .recommend import Recommender as Recommender
from .rhythm import RhythmRecommender as RhythmRecommender
