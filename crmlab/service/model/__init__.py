"""What is learned of customers and then suggested to them.

recommend  PopularRecommender, ItemRecommender, FactorRecommender, compare_recommenders
"""

from .recommend import FactorRecommender as FactorRecommender
from .recommend import ItemRecommender as ItemRecommender
from .recommend import PopularRecommender as PopularRecommender
from .recommend import Recommender as Recommender
from .recommend import compare_recommenders as compare_recommenders
