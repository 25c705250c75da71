"""Who is who: the records of one person found, joined, and kept up to date.

fields     define_fields
normalise  normalise_records, and a function for each kind of field
block      candidate_pairs
compare    compare_pairs, Comparison, similarity
cluster    cluster_records, unseen_pairs
quality    match_quality
golden     golden_records, golden_quality, and the rules
changes    detect_changes, stale_fields
"""

from .block import Blocks as Blocks
from .block import candidate_pairs as candidate_pairs
from .changes import detect_changes as detect_changes
from .changes import stale_fields as stale_fields
from .cluster import cluster_records as cluster_records
from .cluster import unseen_pairs as unseen_pairs
from .compare import Comparison as Comparison
from .compare import compare_pairs as compare_pairs
from .compare import similarity as similarity
from .fields import define_fields as define_fields
from .golden import fits as fits
from .golden import golden_quality as golden_quality
from .golden import golden_records as golden_records
from .golden import longest as longest
from .golden import most_frequent as most_frequent
from .golden import most_recent as most_recent
from .golden import trusted as trusted
from .normalise import normalise_address as normalise_address
from .normalise import normalise_date as normalise_date
from .normalise import normalise_email as normalise_email
from .normalise import normalise_name as normalise_name
from .normalise import normalise_phone as normalise_phone
from .normalise import normalise_records as normalise_records
from .normalise import spoken_name as spoken_name
from .quality import MatchQuality as MatchQuality
from .quality import match_quality as match_quality
