"""What the grading tests share: a box, or a word on why there is none."""

import os

import pytest

from crmlab.grading import box


@pytest.fixture(scope="session", autouse=True)
def _a_box():
    """Skip where processes cannot be boxed, except in CI, where that is a failure."""
    if box.why_not():
        assert os.environ.get("CI") != "true", box.why_not()
        pytest.skip(box.why_not())
