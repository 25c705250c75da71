"""A report on CDNOW, made once, and ways to read what a page says."""

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from matplotlib.figure import Figure

from crmlab._shipped import shipped
from crmlab.report import report_page


class Page:
    """A page as a reader sees it: cards and tables by their labels, findings by section."""

    def __init__(self, html):
        self.html = html
        self.soup = BeautifulSoup(html, "html.parser")

    def finding(self, section):
        return self.soup.select_one(f"#{section} .finding").get_text()

    def text(self, section):
        return self.soup.select_one(f"#{section}").get_text(" ", strip=True)

    def alts(self, section="main"):
        return [image["alt"] for image in self.soup.select(f"#{section} img")]

    def card(self, section, label):
        cards = self.soup.select(f"#{section} .card")
        (value,) = [c.select_one(".value") for c in cards if c.dt.get_text() == label]
        return value.get_text()

    def table(self, caption):
        """The table whose caption begins so, its first column as the index."""
        tables = self.soup.select("table")
        (table,) = [t for t in tables if t.caption.get_text().startswith(caption)]
        head = [cell.get_text() for cell in table.select("thead th")]
        rows = [[c.get_text(strip=True) for c in tr("th") + tr("td")] for tr in table.tbody("tr")]
        return pd.DataFrame(rows, columns=head).set_index(head[0])


@pytest.fixture
def report(monkeypatch):
    """report_page, read at once; its pictures are drawn, but for speed not written out."""
    monkeypatch.setattr(Figure, "savefig", lambda _, file, **__: file.write(b"<svg/>"))
    return lambda purchases, **options: Page(report_page(purchases, **options))


@pytest.fixture(scope="session")
def cdnow_page():
    return Page(report_page(shipped("datasets") / "cdnow.parquet", show_ids=True))


@pytest.fixture
def log():
    """Make purchases from rows of customer, day and amount."""
    return lambda rows: pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
