"""sensitive_share: questions that people lie about, asked so that nobody is exposed."""

import numpy as np
import pandas as pd
import pytest

from crmlab.collection import sensitive_share, simulate_sensitive
from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError, UnknownNameError

# by hand


def test_forced_answers_are_taken_off():
    answers = pd.DataFrame({"answer": [1] * 40 + [0] * 60})
    found = sensitive_share(answers, design="randomised")
    # (.4 - 1/6) / (2/3) = .35; the error of .4 times 3/2.
    assert found.value == pytest.approx(0.35)
    assert found.standard_error == pytest.approx(1.5 * np.sqrt(0.24 / 100))


def test_a_list_is_the_difference_of_its_counts():
    answers = pd.DataFrame({"answer": [2, 3, 2, 1], "with_item": [True, True, False, False]})
    found = sensitive_share(answers, design="list")
    assert found.value == 1
    assert found.standard_error == pytest.approx(np.sqrt(0.5 / 2 + 0.5 / 2))


def test_nobody_of_ten_leaves_open_that_there_are_some():
    none = pd.DataFrame({"answer": [0] * 10})
    found = sensitive_share(none, design="direct")
    # Wilson for 0 of 10: z^2 / (10 + z^2).
    assert (found.value, found.low) == (0, pytest.approx(0, abs=1e-12))
    assert found.high == pytest.approx(1.95996**2 / (10 + 1.95996**2), abs=1e-5)
    assert found.effective_answers == np.inf
    forced = sensitive_share(none, design="randomised")
    # The same end, less 1/6, times 3/2.
    assert forced.high == pytest.approx((found.high - 1 / 6) * 1.5)
    assert forced.low < forced.value + 1e-12 < forced.high


# against the formula


def test_forcing_half_the_answers_is_the_design_of_warner_in_another_dress():
    """Warner (1965): variance p(1-p)/n + q(1-q)/n / (2q-1)^2, q = chance to be asked directly.

    The forced design with share f each has q(1-q)/(2q-1)^2 = f(1-f) / (1-2f)^2 for p = 1/2.
    """
    p, f, n = 0.5, 0.25, 1_000
    answers = pd.DataFrame({"answer": [1] * (n // 2) + [0] * (n // 2)})
    found = sensitive_share(answers, design="randomised", forced_yes=f, forced_no=f)
    q = 1 - f
    warner = p * (1 - p) / n + q * (1 - q) / n / (2 * q - 1) ** 2
    assert found.standard_error**2 == pytest.approx(warner)


# against the truth


@pytest.mark.curriculum("S25")
@pytest.mark.parametrize("design", ["randomised", "list"])
@pytest.mark.parametrize("share", [0.05, 0.3])
def test_protected_answers_tell_the_share_and_the_price_is_as_said(covers, design, share):
    worlds = [simulate_sensitive(800, design=design, share=share, seed=k).data for k in range(500)]
    found = [sensitive_share(world, design=design) for world in worlds]
    values = np.array([one.value for one in found])
    assert values.mean() == pytest.approx(share, abs=3 * values.std() / np.sqrt(500))
    held = [one.low <= share <= one.high for one in found]
    covers(held, "collection.sensitive_share", f"{design}, {share:.0%} do it")
    # So many times more answers than a direct question that everybody answers truly.
    price = np.median([one.design_effect for one in found])
    counted = values.var() / (share * (1 - share) / 800)
    if share > 0.1:
        assert price == pytest.approx(counted, rel=3.3 / np.sqrt(250))
    assert price > 2


@pytest.mark.curriculum("S25")
def test_a_direct_question_is_precise_and_wrong():
    found = [
        sensitive_share(simulate_sensitive(800, design="direct", seed=k).data, design="direct")
        for k in range(60)
    ]
    assert np.mean([one.value for one in found]) == pytest.approx(0.1, abs=0.005)
    assert np.mean([one.low <= 0.2 <= one.high for one in found]) < 0.02


# when misused


def test_refuses_answers_that_are_none():
    answers = pd.DataFrame({"answer": [1, 0, 99]})
    with pytest.raises(BadRowsError, match=r"1 row\(s\) hold neither 1 .*: \[2\]"):
        sensitive_share(answers, design="direct")
    with pytest.raises(UnknownNameError, match="Did you mean 'randomised'"):
        sensitive_share(answers, design="randomized")
    with pytest.raises(OutOfRangeError, match="must leave somebody free"):
        sensitive_share(answers.head(2), design="randomised", forced_yes=0.6, forced_no=0.4)
    with pytest.raises(MissingColumnsError, match="with_item="):
        sensitive_share(answers, design="list")
    with pytest.raises(OutOfRangeError, match="at least 2 of each"):
        sensitive_share(answers.assign(with_item=True), design="list")
    with pytest.raises(OutOfRangeError, match="lie must lie in"):
        simulate_sensitive(5, design="list", lie=2, seed=1)
