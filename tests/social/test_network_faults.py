"""Trees of who brought whom: a fault is told with its rows, and its remedy leads on."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import BadRowsError
from crmlab.social import reach_through_network, seller_tree


def test_somebody_who_brought_themselves_is_told_with_the_row_and_the_remedy_leads_on():
    frame = pd.DataFrame(
        {"customer_id": [2, 3, 4], "referred_by": [1.0, np.nan, 4.0]}, index=[7] * 3
    )
    with pytest.raises(
        BadRowsError, match=r"row\(s\) \[2\] name somebody as their own .*\[4\]. Clear"
    ):
        reach_through_network(frame)
    mended = frame.reset_index(drop=True)
    mended.loc[2, "referred_by"] = np.nan
    assert reach_through_network(mended)["brought"].sum() == 1


def test_a_circle_is_told_with_its_rows_and_the_remedy_leads_on():
    frame = pd.DataFrame({"seller_id": [1, 2, 3, 4], "recruited_by": [np.nan, 4, 2, 3]})
    with pytest.raises(BadRowsError, match=r"\[2, 3, 4\] lead back .*row\(s\) \[1, 2, 3\].*Clear"):
        seller_tree(frame)
    frame.loc[1, "recruited_by"] = np.nan
    assert seller_tree(frame)["depth"].tolist() == [0, 0, 1, 2]
