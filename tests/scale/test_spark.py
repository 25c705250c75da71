"""The measures on a local Spark are their pandas forms, on Hehua's purchases."""

import os
import sys

import pandas as pd
import pytest

from crmlab.data import load
from crmlab.members import quadrants, repurchase, repurchase_gaps
from crmlab.pyramid import pyramid, pyramid_tiers
from crmlab.rfm import rfm, rfm_scores
from crmlab.scale import PurchaseStore, spark_engine

PURCHASES = load("hehua_purchases")[["customer_id", "date", "amount"]]
TABLE = rfm(PURCHASES)
SPEND = TABLE.set_index("customer_id")["monetary"]
MEASURES = {
    "rfm": (PurchaseStore.rfm, TABLE),
    "rfm_scores": (PurchaseStore.rfm_scores, rfm_scores(TABLE)),
    "pyramid_tiers": (PurchaseStore.pyramid_tiers, pyramid_tiers(SPEND)),
    "pyramid": (PurchaseStore.pyramid, pyramid(SPEND)),
    "repurchase_gaps": (PurchaseStore.repurchase_gaps, repurchase_gaps(PURCHASES)),
    "repurchase": (PurchaseStore.repurchase, repurchase(PURCHASES)),
    "quadrants": (PurchaseStore.quadrants, quadrants(repurchase(PURCHASES))),
}
# PySpark warns of pandas 3 in many places of its own.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def store():
    reason = "pyspark is not installed: pip install pyspark, and Java"
    builder = pytest.importorskip("pyspark.sql", reason=reason).SparkSession.builder
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {"spark.ui.enabled": False, "spark.driver.host": "127.0.0.1"}
    session = builder.master("local[2]").config(map=settings).getOrCreate()
    session.createDataFrame(PURCHASES).createOrReplaceTempView("purchases")
    yield PurchaseStore(spark_engine(session), "purchases")
    session.stop()


@pytest.mark.parametrize(("in_sql", "expected"), MEASURES.values(), ids=MEASURES)
def test_gives_the_frame_of_the_pandas_form(store, in_sql, expected):
    pd.testing.assert_frame_equal(in_sql(store), expected, rtol=1e-9)
