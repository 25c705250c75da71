"""A chapter as it is handed out: nothing run, and a blank where the reader types."""

from __future__ import annotations

import json
from typing import Any

from crmlab._words import _
from crmlab.teaching.blank import blanked


def reader_copy(built: str) -> str:
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
                cells.append(_fold(whole, cell["id"]))
    notebook["cells"] = cells
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _fold(code: str, beside: str) -> dict[str, Any]:
    """Return a cell that opens with a click and shows `code`."""
    head = _("Stuck? One way to write it")
    text = f"<details><summary>{head}</summary>\n\n```python\n{code}\n```\n\n</details>"
    source = text.splitlines(keepends=True)
    return {"cell_type": "markdown", "id": f"{beside}-one-way", "metadata": {}, "source": source}
