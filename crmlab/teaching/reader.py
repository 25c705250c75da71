"""A chapter as it is handed out: nothing run, and a blank where the reader types."""

from __future__ import annotations

import json
from typing import Any

from crmlab.teaching.blank import blanked

STUCK = "Stuck? One way to write it"
STUCK_IN_CHINESE = "想不出来？这里有一种写法"


def reader_copy(built: str, *, chinese: bool = False) -> str:
    """Return a built chapter, the text of its file, without outputs and with its blanks.

    Below each cell with a blank stands a fold that shows it complete.
    """
    notebook = json.loads(built)
    notebook["metadata"].pop("widgets", None)
    cells = []
    for cell in notebook["cells"]:
        cells.append(cell)
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
            if "solution" in cell["metadata"].get("tags", []):
                whole = "".join(cell["source"])
                cell["source"] = blanked(whole).splitlines(keepends=True)
                cells.append(_fold(whole, cell["id"], STUCK_IN_CHINESE if chinese else STUCK))
    notebook["cells"] = cells
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _fold(code: str, beside: str, head: str) -> dict[str, Any]:
    """Return a cell that opens with a click and shows `code`."""
    text = f"<details><summary>{head}</summary>\n\n```python\n{code}\n```\n\n</details>"
    source = text.splitlines(keepends=True)
    return {"cell_type": "markdown", "id": f"{beside}-one-way", "metadata": {}, "source": source}
