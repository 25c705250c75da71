"""Run every benchmark of this folder and print its tables: `make bench`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path


def main() -> None:
    files = sorted(Path(__file__).parent.glob("[a-z]*.py"))
    for number, file in enumerate(files, 1):
        module = import_module(f"benchmarks.{file.stem}")
        headline = (module.__doc__ or file.stem).splitlines()[0]
        print(f"\n[{number}/{len(files)}] {headline}\n", flush=True)
        module.main()


if __name__ == "__main__":
    main()
