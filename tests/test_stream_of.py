"""stream_of: the random stream of a seed, and of a simulator's name."""

import numpy as np
import pytest

from crmlab._checks import stream_of
from crmlab.errors import OutOfRangeError


def drawn(*of):
    return stream_of(*of).random(1000)


def test_a_plain_seed_is_numpys_own_stream():
    assert (drawn(7) == np.random.default_rng(7).random(1000)).all()


def test_a_stream_comes_back_as_it_is():
    rng = np.random.default_rng(7)
    assert stream_of(rng, "any") is rng


def test_a_seed_sequence_gives_the_same_stream_each_time():
    seeds = np.random.SeedSequence(7, spawn_key=(1,))
    assert (drawn(seeds, "a") == drawn(seeds, "a")).all()
    assert (drawn(seeds) != drawn(7)).all()


def test_two_names_and_no_name_have_nothing_to_do_with_each_other():
    streams = [drawn(7), drawn(7, "one"), drawn(7, "two")]
    among = np.corrcoef(streams)[np.triu_indices(3, 1)]
    assert (abs(among) < 3 / np.sqrt(1000)).all()  # three standard errors of no correlation


@pytest.mark.parametrize("seed", [None, "a", -1, 1.5, True, [1, 2]])
def test_what_is_no_seed_is_refused_in_words(seed):
    with pytest.raises(OutOfRangeError, match="seed must be a whole number, 0 or more"):
        stream_of(seed, "any")
