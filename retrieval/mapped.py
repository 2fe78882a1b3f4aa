from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def mapped(path: Path) -> NDArray[Any]:
    """An array that np.save wrote, read-only and read page by page; its pages are shared between processes.

    As a plain array: a slice of numpy's memmap class takes microseconds, and a question takes hundreds of them. OSError
    and ValueError are np.load's.
    """
    return np.asarray(np.load(path, mmap_mode="r"))
