"""Every remedy that the reader prints leads on: it is followed here, as a reader would."""

import ast
import inspect
import io
import re

import pytest

from crmlab.data import read_purchases
from crmlab.data._remedies import _REMEDIES
from crmlab.errors import CrmlabError
from tests.data.read.test_exports import WORTH

VALUE = r"(?:'[^']*'|True|False|\{[^}]*\}|\[[^\]]*\]|…)"
GROUP = re.compile(rf"\b[a-z_]+={VALUE}(?:, [a-z_]+={VALUE})*(?: or '[a-z]+')?")
# What a message leaves to the reader, who knows it.
KNOWN = {
    "customer": "who", "date": "when", "amount": "paid", "today": "2024-12-31",
    "currency_column": "money", "nobody": [],
}  # fmt: skip


ARGUMENTS = {*inspect.signature(read_purchases).parameters}


def ways(message):
    """Yield the arguments of each way out that `message` names."""
    for group in GROUP.findall(re.sub(r",? …\}", "}", message)):
        said = {}
        for name, value in re.findall(rf"([a-z_]+)=({VALUE})", group):
            if value != "…":
                said[name] = ast.literal_eval(value)
            elif KNOWN.get(name) is not None:
                said[name] = KNOWN[name]
        if said and said.keys() <= ARGUMENTS:
            yield said
            if other := re.search(r" or '([a-z]+)'$", group):
                yield dict.fromkeys(said, other[1])


def lead_on(text, said, steps=3):
    """Follow every way out of what reading `text` says, and return how many there were."""
    try:
        read_purchases(io.StringIO(text), **said)
    except CrmlabError as error:
        message = str(error)
    else:
        return 1
    found = [way for way in ways(message) if any(said.get(k, "") != v for k, v in way.items())]
    assert found, f"no way out of: {message}"
    assert steps, f"still refused: {message}"
    return sum(lead_on(text, said | way, steps - 1) for way in found)


ROWS = "customer,date,amount\n"
REFUSED = [
    (f"{ROWS}7,2024-03-05,10\n7,2024-03-05,10\n", {"duplicates": "refuse"}),
    (f"{ROWS}7,2024-03-05,-10\n", {"refunds": "refuse"}),
    (f"{ROWS}7,2024-03-05,0\n", {"zero_amounts": "refuse"}),
    (f"{ROWS}7,2999-03-05,1\n", {"future": "refuse"}),
    (f"{ROWS}7,1970-01-01,1\n7,2024-01-01,1\n", {"suspect_dates": "refuse"}),
    (f"{ROWS},2024-01-01,1\n", {"no_customer": "refuse"}),
    (f"{ROWS}Guest,2024-01-01,1\n", {"no_customer": "refuse"}),
    (f"{ROWS}7,2024-01-01,1\nTotal,,1\n", {"totals": "refuse", "unreadable": "drop"}),
    ("customer,date,amount,status\n7,2024-01-01,1,void\n", {"no_sale": "refuse"}),
    (f"{ROWS}7,2024-01-01,1\n8,x\n", {}),
    (f"{ROWS}7,soon,1\n8,2024-01-01,1\n", {}),
    (f"{ROWS}7,Tue 05 Mar 2024,1\n8,Wed 06 Mar 2024,1\n", {}),
    (f"{ROWS}7,5/33/24,1\n", {}),
    (f"{ROWS}7,1709600000,1\n", {}),
    (f"{ROWS}7,2024-01-01,1\n", {"date_format": "%d.%m.%Y"}),
    (f"{ROWS}7,05/03/24 14:22,1\n", {}),
    (f"{ROWS}7,25/03/24 14:22,1\n", {}),
    (f"{ROWS}7,05/03/2024,1\n", {}),
    (f"{ROWS}7,25/03/2024,1\n8,03/25/2024,1\n", {}),
    (f"{ROWS}7,25/03/2024,1\n8,2024-05-03,1\n", {}),
    (f"{ROWS}7,2024-01-01,much\n", {}),
    (f"{ROWS}7,2024-01-01,\n", {}),
    (f"{ROWS}7;2024-01-01;1,5\n".replace(",", ";", 2), {"decimal": "."}),
    (f"{ROWS}7,2024-01-01,2.5\n8,2024-01-01,\"1,5\"\n", {}),
    ("customer;date;amount\n7;2024-01-01;1.200\n", {}),
    ("customer,date,amount,qty,price\n7,2024-01-01,,2,3.5\n", {}),
    ("customer,date,amount,Currency\n7,2024-01-01,1,EUR\n8,2024-01-01,2,USD\n", {}),
    (f"{ROWS}7,2024-01-01,€1\n8,2024-01-01,$2\n", {}),
    ("customer,date,amount,Currency\n7,2024-01-01,€1,USD\n", {}),
    ("customer,date,amount,money\n7,2024-01-01,1,EUR\n", {"rates": {"EUR": 1}}),
    ("who,when,paid\n7,2024-01-01,1\n", {}),
    ("who,our_client_a,our_client_b,date,amount\n1,7,8,2024-01-01,1\n", {}),
    ("custmer,date,amount\n7,2024-01-01,1\n", {"customer": "custmr"}),
    ("customer,when,d_a_t_e,Date,amount\n1,2024-01-01,2024-01-01,2024-01-01,1\n", {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_every_way_out_of_a_refusal_leads_on(text, said):
    with pytest.raises(CrmlabError):
        read_purchases(io.StringIO(text), **said)
    assert lead_on(text, said) >= 1


def test_every_kind_that_can_be_refused_is_among_them():
    seen = set()
    for text, said in REFUSED:
        try:
            read_purchases(io.StringIO(text), **said)
        except CrmlabError as error:
            seen |= {kind for kind in _REMEDIES if f"with {kind}:" in str(error)}
    assert seen == {*_REMEDIES}


TOLD = [
    *(text for text, _ in WORTH.values()),
    "customer,date,amount\nGuest,2024-03-05,1\n7,2024-03-05,1\n",
    "order_id,customer,date,Total\n1,7,2024-03-05,2\n1,7,2024-03-05,2\n",
    "order_id,customer,date,amount\n1,7,2024-03-05,2\n1,7,2024-03-05,2\n",
    "customer,date,Net Sales,Refunds\n1,2024-03-05,10,4\n",
    "customer,date,amount\n1,2024-03-05,1.234\n",
    'customer,date,amount\n1,2024-03-05,"1,234"\n',
]


@pytest.mark.parametrize("text", TOLD)
def test_every_argument_that_a_guess_names_leads_on(text):
    for guess in read_purchases(io.StringIO(text)).report.guesses:
        for said in ways(str(guess)):
            assert lead_on(text, said)
