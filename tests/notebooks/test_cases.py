"""Chapter 16: the lost pictures drawn anew, and nothing invented about a real firm."""

import re

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest

from crmlab._shipped import shipped
from crmlab.data import load
from crmlab.members import (
    plot_profile,
    plot_quadrants,
    plot_repurchase_by_month,
    profile,
    quadrants,
    repurchase,
    repurchase_by_month,
    simulate_members,
    simulate_visits,
)
from crmlab.pyramid import (
    cost_to_serve,
    metal_pyramid,
    net_value,
    plot_pyramid,
    pyramid,
    simulate_concentrated,
    simulate_service,
)
from crmlab.rfm import fedex_rfm, plot_trajectories, simulate_shippers, trajectories
from crmlab.teaching.notebooks import for_readers, read

CHAPTER = shipped("notebooks") / "source" / "16_cases.py"
# What the course, or a source that the chapter names, says of each real firm. Nothing else may
# stand in a sentence that names it.
SAID_OF = {
    "Osco": {"1992", "1.2", "25"},
    "FedEx": {"20", "25", "30", "2013"},
    "Shell": {"16", "2", "36"},
    "Amway": set(),
    "Nike": set(),
    "Alibaba": set(),
    "Dick's": {"2003", "28"},
}


def sentences():
    """Every sentence of the chapter, and of the table of cases."""
    cells = for_readers(read(CHAPTER), "en").cells
    # What a link points to is no sentence, nor is the number of a chapter.
    link = re.compile(r"\[\d+\]\([^)]*\)|(?<=\])\([^)]*\)")
    text = [link.sub("", one.source) for one in cells if one.cell_type == "markdown"]
    table = load("famous_cases").drop(columns=["chapter", "functions"])
    text += [" ".join(row) for row in table.to_numpy().tolist()]
    return [one for part in text for one in re.split(r"(?<=[.?:!])\s+|\n\n|\n\* ", part)]


# by hand


def test_a_number_about_a_real_firm_is_the_courses_or_a_sources():
    for firm, said in SAID_OF.items():
        about = [one for one in sentences() if firm in one]
        assert about, firm
        for sentence in about:
            assert {*re.findall(r"\d+(?:\.\d+)?", sentence)} <= said, sentence


def test_every_case_has_a_section_and_a_card():
    source = CHAPTER.read_text(encoding="utf-8")
    for case in load("famous_cases")["case"]:
        assert source.count(f'card("{case}")') == 1, case


def test_every_case_is_rebuilt_in_its_section_by_the_functions_that_its_card_names():
    sections = CHAPTER.read_text(encoding="utf-8").split("# ## ")
    for row in load("famous_cases").itertuples():
        section = next(part for part in sections if f'card("{row.case}")' in part)
        for name in row.functions.split(", "):
            assert re.search(rf"\b{name}\(", section), (row.case, name)
            imported = rf"from (crmlab[.\w]*) import (?:\([^)]*|[^\n]*)\b{name}\b"
            room = re.search(imported, CHAPTER.read_text(encoding="utf-8"))[1]
            assert callable(getattr(__import__(room, fromlist=[name]), name))


def test_the_index_has_a_row_for_every_case_that_leads_to_its_chapter():
    source = CHAPTER.read_text(encoding="utf-8")
    here = CHAPTER.stem.partition("_")[0]
    for row in load("famous_cases").itertuples():
        line = f"# | {row.case} | {row.told_of} | {row.given} | "
        cell = source[source.index(line) + len(line) :].partition(" |")[0]
        if row.chapter == here:
            assert cell == "here"
            continue
        number, link = re.fullmatch(r"\[(\w+)\]\((.*)\)", cell).groups()
        assert number == row.chapter == link.partition("_")[0]
        assert (CHAPTER.parents[1] / link).is_file()


# against what the course says


@pytest.mark.curriculum("S128")
def test_each_of_the_six_lost_pictures_shows_what_the_course_says_of_it():
    _, axes = plt.subplots(2, 3)
    tiers = pyramid(simulate_concentrated(1_000, stratified=True, seed=1).data)
    assert plot_pyramid(tiers, ax=axes.flat[0]).has_data()
    assert tiers["customers"].tolist() == [10, 40, 150, 800]

    served, _ = simulate_service(1_000, seed=1)
    metals = metal_pyramid(net_value(served.accounts, cost_to_serve(served.events, served.tariff)))
    assert plot_pyramid(metals, ax=axes.flat[1]).has_data()
    assert metals["tier"].tolist() == ["platinum", "gold", "silver", "iron", "lead"]
    assert metals["mean_profit"].is_monotonic_decreasing

    shipments, truth = simulate_shippers(400, seed=1)
    courses = trajectories(fedex_rfm(shipments, as_of="2024-12-31"), truth)
    assert plot_trajectories(courses, ax=axes.flat[2]).has_data()
    score = courses.pivot(index="group", columns="period", values="mean")
    assert score.columns.tolist() == [1, 2, 3, 4]
    assert score.loc["high growth"].is_monotonic_increasing
    assert score.loc["fading"].is_monotonic_decreasing
    assert score.loc["revived", [2, 3]].max() < score.loc["revived", [1, 4]].min()
    assert (score.loc["top 10%"] == score.max()).all()

    club, _ = simulate_members(2_000, policy_from=13, change_from=13, change=0.08, seed=1)
    late = club["joined_on"] >= "2024-01-01"
    six = ["gender", "age_band", "region", "occupation", "income_band", "opened_in"]
    report = [profile(club[side], attributes=six) for side in (~late, late)]
    assert plot_profile(*report, attribute="age_band", ax=axes.flat[3]).has_data()
    assert report[0]["attribute"].unique().tolist() == six
    young = [part.set_index("value")["share"]["under 25"] for part in report]
    assert young[1] > young[0]

    members, _ = simulate_visits(1_000, mean_gap_days=60, ticket_spread=0.2, days=731, seed=1)
    months = repurchase_by_month(members)
    assert plot_repurchase_by_month(months, ax=axes.flat[4]).has_data()
    assert {"returns_per_member", "mean_gap_days"} < {*months}

    placed = quadrants(repurchase(members))
    ax = plot_quadrants(placed, ax=axes.flat[5])
    gold = placed["quadrant"] == 1
    returned = placed["returns_per_year"] > placed["returns_per_year"].mean()
    assert gold.sum() > 0
    assert returned[gold].all()
    across = [line.get_xdata()[0] for line in ax.get_lines() if len(set(line.get_xdata())) == 1]
    assert np.isclose(across, placed["returns_per_year"].mean()).any()
    plt.close("all")


@pytest.mark.curriculum("S128")
def test_each_of_the_six_is_labelled_synthetic_beside_what_the_course_says():
    cells = nbformat.read(shipped("notebooks") / "16_cases.ipynb", as_version=4).cells
    begin = next(n for n, cell in enumerate(cells) if "## Six pictures" in cell.source)
    end = next(n for n, cell in enumerate(cells) if "They look convincing" in cell.source)
    part = cells[begin:end]
    drawn = [n for n, cell in enumerate(part) if "alt" in cell.metadata]
    assert len(drawn) == 6
    for n in drawn:
        assert 'set_title("Synthetic: ' in part[n].source
        assert part[n].metadata["alt"].startswith("Synthetic: ")
        assert any("image/png" in output.get("data", {}) for output in part[n].outputs)
        assert "The course says" in part[n - 1].source


def test_no_other_picture_of_the_chapter_goes_without_the_label():
    cells = nbformat.read(shipped("notebooks") / "16_cases.ipynb", as_version=4).cells
    drawn = [cell for cell in cells if "alt" in cell.metadata]
    assert all("Synthetic: " in cell.source for cell in drawn)
