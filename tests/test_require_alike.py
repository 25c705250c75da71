"""require_alike: ids that could not be found again are refused, all others pass."""

import numpy as np
import pandas as pd
import pytest

from crmlab._checks import require_alike
from crmlab.errors import WrongTypeError

NUMBERS = [
    pd.Series([1, 2]),
    pd.Series([1.0, np.nan]),
    pd.Series([1, 2], dtype="Int64"),
    pd.Series([1, 2], dtype="object"),
    pd.Series([1, 2], dtype="category"),
    pd.Series([1, 2], dtype="int64[pyarrow]"),
    pd.Index([1, 2]),
]
TEXTS = [
    pd.Series(["1", "2"]),
    pd.Series(["1", "2"], dtype="object"),
    pd.Series(["1", "2"], dtype="category"),
    pd.Series(["1", "2"], dtype="string[pyarrow]"),
    pd.Index(["1", "2"]),
]


@pytest.mark.parametrize("kind", [NUMBERS, TEXTS])
def test_one_kind_passes_in_every_form(kind):
    for one in kind:
        for other in kind:
            require_alike("customer_id", one, other)


@pytest.mark.parametrize("numbers", NUMBERS)
@pytest.mark.parametrize("texts", TEXTS)
def test_numbers_beside_text_are_refused_either_way_with_the_line_to_type(numbers, texts):
    for one, other in ((numbers, texts), (texts, numbers)):
        with pytest.raises(WrongTypeError, match=r"frame\['member'\].astype\('str'\)"):
            require_alike("member", one, other)


def test_nobody_is_alike_everybody():
    require_alike("customer_id", pd.Series([], dtype="object"), pd.Series(["a"]))
    require_alike("customer_id", pd.Series([1]), pd.Series([], dtype="str"))
