from pathlib import Path
from typing import cast

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.encoder import Vectors
from retrieval.errors import SnapshotDamaged

#: Exact search by inner product, which is the cosine of vectors of unit length.
KIND = "flat"


def write_vectors(vectors: Vectors, path: Path) -> None:
    """Write an index of vectors [n, dimensions] of unit length; OSError when the disk refuses."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    # Given a path, faiss answers a full disk with a RuntimeError of its own.
    with path.open("wb") as file:
        faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]  # not in its stubs


class VectorIndex:
    """Nearest vectors by cosine, from a file whose pages are shared between processes and never written."""

    def __init__(self, path: Path) -> None:
        faiss.omp_set_num_threads(1)
        try:
            self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise SnapshotDamaged(
                f"{path} is no index of vectors. Reindex, or roll back to another version."
            ) from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, query: Vectors, count: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Cosines and rows of the `count` vectors nearest to a query [dimensions], the nearest first."""
        scores, rows = self._index.search(query[None, :], min(count, len(self)))
        return scores[0], rows[0]

    def at(self, start: int, count: int) -> Vectors:
        """The vectors of rows start to start + count, float32 [count, dimensions]."""
        return cast("Vectors", self._index.reconstruct_n(start, count))
