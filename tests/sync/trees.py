"""Trees on a disk for tests of sync."""

from pathlib import Path


def write_tree(root: Path, files: dict[str, bytes]) -> Path:
    """The files below `root`, which is made."""
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    root.mkdir(parents=True, exist_ok=True)
    return root


def read_tree(root: Path) -> dict[str, bytes]:
    """Every file below `root`, hidden ones too."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }
