"""A plot of a frame without rows says so, and draws nothing."""

import pandas as pd
import pytest

from crmlab import credit, rfm
from crmlab.errors import EmptyError

RATES = ["response_rate", "low", "high", "base_rate", "random_low", "random_high"]
EMPTY = {
    credit.plot_fairness_conflict: ["base_rate", "goods_refused", "bads_approved"],
    credit.plot_lending: ["share_approved", "default_rate", "profit", "best"],
    credit.plot_score_distribution: ["low", "high", "share_of_goods", "share_of_bads"],
    rfm.plot_cluster_profiles: ["cluster", "customers", "variable", "mean", "z"],
    rfm.plot_rank_stability: ["criterion", "direction", "weight", "mean_move", "same_leaders"],
    rfm.plot_return_probability: ["weeks", "return_probability", "low", "high"],
    rfm.plot_rfm_map: ["recency_score", "frequency_score", "customers"],
    rfm.plot_deciles: ["decile", *RATES],
}


@pytest.mark.parametrize(
    ("plot", "columns"), EMPTY.items(), ids=lambda one: getattr(one, "__name__", "")
)
def test_no_rows_are_refused_in_words(ax, plot, columns):
    with pytest.raises(EmptyError, match="the frame has no rows, so there is nothing to show"):
        plot(pd.DataFrame(columns=columns), ax=ax)
    assert not ax.has_data()


def test_a_cutoff_without_rows_too(ax):
    columns = ["share_contacted", "contacted", "responders", "profit"]
    with pytest.raises(EmptyError, match="the frame has no rows"):
        rfm.plot_cutoff(pd.DataFrame(columns=columns), share_contacted=0.2, ax=ax)
