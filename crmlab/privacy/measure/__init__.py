"""Frames in, frames out: how safe a table is, how to publish it, and how to attack it.

anonymity  k_anonymity, l_diversity, t_closeness, risk_by_quasi
loss       information_loss, seen_by_band
cells      published_table, cell_intervals
linkage    linkage_attack, homogeneity_attack, plain_hash, dictionary_attack
queries    differencing_attack, membership_attack, attacker_advantage, advantage_bound
noise      noisy_count, noisy_sum, noisy_histogram
"""

from .anonymity import Anonymity as Anonymity
from .anonymity import k_anonymity as k_anonymity
from .anonymity import l_diversity as l_diversity
from .anonymity import risk_by_quasi as risk_by_quasi
from .anonymity import t_closeness as t_closeness
from .cells import cell_intervals as cell_intervals
from .cells import published_table as published_table
from .linkage import dictionary_attack as dictionary_attack
from .linkage import homogeneity_attack as homogeneity_attack
from .linkage import linkage_attack as linkage_attack
from .linkage import plain_hash as plain_hash
from .loss import InformationLoss as InformationLoss
from .loss import information_loss as information_loss
from .loss import seen_by_band as seen_by_band
from .noise import Noisy as Noisy
from .noise import noisy_count as noisy_count
from .noise import noisy_histogram as noisy_histogram
from .noise import noisy_sum as noisy_sum
from .queries import Advantage as Advantage
from .queries import advantage_bound as advantage_bound
from .queries import attacker_advantage as attacker_advantage
from .queries import differencing_attack as differencing_attack
from .queries import membership_attack as membership_attack
