"""Ids that stay the same within a page and that only the holder of the file can trace."""

from __future__ import annotations

import hmac
from base64 import b32encode
from collections.abc import Callable
from hashlib import sha256

import numpy as np
import pandas as pd


def pseudonyms(purchases: pd.DataFrame) -> Callable[[object], str]:
    """Return what gives each customer id of `purchases` its pseudonym, such as `C-7QF2-MXA4`.

    A pseudonym is the keyed digest (HMAC-SHA-256, its first 40 bits) of the id. The key is made
    of every purchase in the file: the same file always gives the same pseudonyms, another file
    gives others, and nobody without the whole file can try ids until one fits.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
        customer_id : int64 or str
        date : datetime64
        amount : float64

    See Also
    --------
    crmlab.report.page.report_page : `show_ids` does without pseudonyms.

    Source
    ------
    Krawczyk, Bellare and Canetti (1997). HMAC: keyed-hashing for message authentication.
    RFC 2104. doi:10.17487/RFC2104
    """
    rows = pd.util.hash_pandas_object(purchases[["customer_id", "date", "amount"]], index=False)
    key = sha256(np.sort(rows.to_numpy()).tobytes()).digest()  # sorted: row order never matters

    def pseudonym(customer: object) -> str:
        digest = hmac.digest(key, str(customer).encode("utf-8", "surrogatepass"), "sha256")
        letters = b32encode(digest[:5]).decode("ascii")
        return f"C-{letters[:4]}-{letters[4:]}"

    return pseudonym
