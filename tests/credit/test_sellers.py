"""simulate_sellers, find_rings and seller_features: a fictional marketplace."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.model_selection import cross_val_predict

from crmlab.credit import Scorecard, auc, find_rings, seller_features, simulate_sellers
from crmlab.errors import CrmlabError, EmptyError, MissingColumnsError

SEEDS = range(20)


@pytest.fixture(scope="module")
def market():
    return simulate_sellers(1_000, seed=126)


def seller_auc(market, rings):
    """AUC of a scorecard on features of orders, each seller judged by cards fitted on others."""
    without = rings.buyers["buyer_id"] if rings else None
    table = seller_features(market.orders, without=without).merge(market.sellers)
    features = table.drop(columns=["seller_id", "defaults"])
    chance = cross_val_predict(
        Scorecard(), features, table["defaults"], cv=3, method="predict_proba"
    )
    return auc(table.assign(points=-chance[:, 1])).auc


# by hand

TWO = pd.DataFrame(
    {
        "seller_id": [1, 1, 1, 2],
        "buyer_id": [7, 7, 8, 7],
        "month": [1, 12, 12, 6],
        "amount_cny": [10.0, 20.0, 30.0, 5.0],
        "returned": [False, True, False, False],
    }
)


def test_features_count_what_a_seller_sold_and_to_whom():
    row = seller_features(TWO).set_index("seller_id").loc[1]
    assert row[["orders", "buyers", "months", "sales_cny"]].tolist() == [3, 2, 2, 60]
    assert row["growth"] == pytest.approx(np.log(3 / 2))
    assert row[["returned_share", "top_buyer_share"]].tolist() == [1 / 3, 2 / 3]


def test_orders_of_named_accounts_do_not_count_and_the_seller_stays():
    table = seller_features(TWO, without=pd.Series([7])).set_index("seller_id")
    assert table["orders"].to_dict() == {1: 1, 2: 0}
    assert np.isnan(table.loc[2, "returned_share"])


def test_three_accounts_at_three_sellers_are_a_ring_and_a_passer_by_is_not():
    pairs = [(s, b) for s in (1, 2, 3) for b in (7, 8, 9)] + [(1, 5), (4, 5), (4, 7)]
    orders = pd.DataFrame(pairs, columns=["seller_id", "buyer_id"])
    rings = find_rings(orders, least_buyers=3)
    assert find_rings(orders, least_buyers=4).buyers.empty
    assert rings.buyers["buyer_id"].tolist() == [7, 8, 9]
    assert rings.sellers["seller_id"].tolist() == [1, 2, 3]
    none = find_rings(pd.DataFrame({"seller_id": [1, 2], "buyer_id": [5, 6]}))
    assert none.buyers.empty
    assert none.sellers.empty


def test_rings_are_those_of_comparing_every_pair_of_accounts():
    """Against the definition, on worlds so dense that many accounts are nearly alike."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        pairs = rng.integers(0, [8, 30], (120, 2))
        orders = pd.DataFrame(pairs, columns=["seller_id", "buyer_id"])
        visited = orders.groupby("buyer_id")["seller_id"].agg(set)
        ring = {account: {account} for account in visited.index}
        for one, other in combinations(visited.index, 2):
            common = len(visited[one] & visited[other])
            if common >= 3 and common >= 0.6 * len(visited[one] | visited[other]):
                together = ring[one] | ring[other]
                ring |= dict.fromkeys(together, together)
        wanted = {frozenset(accounts) for accounts in ring.values() if len(accounts) >= 2}
        found = find_rings(orders, alike=0.6, least_buyers=2).buyers
        assert {frozenset(ring) for _, ring in found.groupby("ring")["buyer_id"]} == wanted


# against the truth


@pytest.mark.curriculum("S126")
@pytest.mark.slow
def test_sellers_are_told_with_an_auc_of_75_and_rings_are_found_with_the_truth():
    for seed in SEEDS:
        market = simulate_sellers(600, seed=seed)
        rings = find_rings(market.orders)
        faking, honest = market.truth["ring"] > 0, market.truth["ring"] == 0
        caught = market.truth["seller_id"].isin(rings.sellers["seller_id"])
        assert caught[faking].mean() >= 0.9
        assert caught[honest].mean() <= 0.01
        assert seller_auc(market, rings) >= 0.75


@pytest.mark.slow
def test_where_a_quarter_fakes_the_score_is_better_without_their_fakes():
    gain = []
    for seed in SEEDS:
        market = simulate_sellers(600, in_rings=0.25, seed=seed)
        gain.append(seller_auc(market, find_rings(market.orders)) - seller_auc(market, None))
    # Fakes hide bad health: three standard errors over the twenty seeds.
    assert np.mean(gain) > 3 * np.std(gain, ddof=1) / np.sqrt(20)


def test_orders_returns_and_defaults_are_those_of_the_docstring(market):
    truth = market.truth
    fake = market.orders["buyer_id"].isin(market.buyers["buyer_id"])
    honest = market.orders[~fake].merge(truth, on="seller_id")
    month = np.arange(12)
    rate = np.exp(
        2.3 + 0.5 * truth["size"].to_numpy()[:, None]
        + 0.08 * truth["health"].to_numpy()[:, None] * (month - 5.5)
    )  # fmt: skip
    assert len(honest) == pytest.approx(rate.sum(), abs=3 * np.sqrt(rate.sum()))
    chance = expit(-2.2 - 0.7 * honest["health"])
    spread = 3 * np.sqrt((chance * (1 - chance)).sum())
    assert honest["returned"].sum() == pytest.approx(chance.sum(), abs=spread)
    assert not market.orders.loc[fake, "returned"].any()
    assert market.orders.loc[fake, "month"].mean() == pytest.approx(650 / 78, abs=0.1)
    p = truth["default_probability"]
    assert p.mean() == pytest.approx(0.12, abs=1e-6)
    spread = 3 * np.sqrt((p * (1 - p)).sum())
    assert market.sellers["defaults"].sum() == pytest.approx(p.sum(), abs=spread)


def test_rings_have_four_to_seven_sellers_and_draw_the_weak(market):
    size = market.truth.query("ring > 0").groupby("ring").size()
    assert size.between(4, 7).all()
    assert size.sum() == 100
    faking = market.truth["ring"] > 0
    assert market.truth.loc[faking, "health"].mean() < -0.5
    assert market.buyers.groupby("ring").size().between(10, 16).all()
    assert simulate_sellers(100, in_rings=0, seed=1).buyers.empty


# for any data


def test_the_order_of_the_rows_never_matters(market):
    mixed = market.orders.sample(frac=1, random_state=1)
    for one, other in zip(find_rings(market.orders), find_rings(mixed), strict=True):
        pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(seller_features(mixed), seller_features(market.orders))


# when misused


def test_what_cannot_be_used_is_refused():
    with pytest.raises(MissingColumnsError):
        find_rings(TWO.drop(columns="buyer_id"))
    with pytest.raises(EmptyError):
        seller_features(TWO.iloc[:0])
    for wrong in ({"shared": 1}, {"least_buyers": 1}, {"alike": 0}):
        with pytest.raises(CrmlabError):
            find_rings(TWO, **wrong)
    for wrong in ({"n": 5}, {"default_rate": 0.9}, {"in_rings": 0.9}, {"seed": "one"}):
        with pytest.raises(CrmlabError):
            simulate_sellers(**({"n": 50, "seed": 1} | wrong))
