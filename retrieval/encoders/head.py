"""Reading and pooling, the two ends of an encoder: prompts before a text, and one vector from its hidden states."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np

from retrieval.encoders.encoder import Vectors

FILE = "head.npz"
#: The name of what scales a vector to unit length, among the activations of a layer.
UNIT: Final = "Normalize"


def _weighted_mean(states: Vectors) -> Vectors:
    weights = np.arange(1, len(states) + 1, dtype=np.float32)
    vector: Vectors = weights @ states / weights.sum()
    return vector


def _unit(vector: Vectors) -> Vectors:
    scaled: Vectors = vector / max(1e-12, float(np.linalg.norm(vector)))
    return scaled


def _sigmoid(vector: Vectors) -> Vectors:
    return np.asarray(1 / (1 + np.exp(-vector)), dtype=np.float32)


#: From states [tokens, width] to one vector [width], by the names that sentence-transformers has for them.
POOLINGS: Final[Mapping[str, Callable[[Vectors], Vectors]]] = {
    "cls": lambda states: states[0],
    "max": lambda states: states.max(axis=0),
    "mean": lambda states: states.sum(axis=0) / np.float32(len(states)),
    "mean_sqrt_len_tokens": lambda states: states.sum(axis=0) / np.sqrt(np.float32(len(states))),
    "weightedmean": _weighted_mean,
    "lasttoken": lambda states: states[-1],
}
#: What may follow a linear layer, by the names of torch's classes.
ACTIVATIONS: Final[Mapping[str, Callable[[Vectors], Vectors]]] = {
    "Identity": lambda vector: vector,
    "Tanh": np.tanh,
    "ReLU": lambda vector: np.maximum(vector, 0),
    "Sigmoid": _sigmoid,
    UNIT: _unit,
}


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A linear layer and its activation; without a weight, the activation alone."""

    activation: str
    #: Float32 [out, in] and [out].
    weight: Vectors | None = None
    bias: Vectors | None = None

    def __call__(self, vector: Vectors) -> Vectors:
        """Vector [out] of a vector [in]."""
        if self.weight is not None:
            vector = self.weight @ vector
        if self.bias is not None:
            vector = vector + self.bias
        return ACTIVATIONS[self.activation](vector)


@dataclass(frozen=True, kw_only=True)
class Head:
    """An encoder's prompts, length, pooling and layers; without arguments, those of all-MiniLM-L6-v2."""

    #: What the model was taught to read before a question and before a text, such as "query: ".
    question: str = ""
    passage: str = ""
    #: Tokens that are read of a text, those of the prompt and its two ends included.
    max_tokens: int = 256
    #: Names of POOLINGS; the vectors of several are put one after the other.
    pooling: tuple[str, ...] = ("mean",)
    layers: tuple[Layer, ...] = ()
    #: How much of a vector is kept, from its beginning; None for all.
    dimensions: int | None = None

    def vector(self, states: Vectors) -> Vectors:
        """One vector of unit length from a text's last hidden states, float32 [tokens, width]."""
        if self.pooling == ("mean",) and not self.layers:
            pooled = states.sum(axis=0)  # its length is taken away anyhow
        else:
            pooled = np.concatenate([POOLINGS[name](states) for name in self.pooling])
        for layer in self.layers:
            pooled = layer(pooled)
        return _unit(pooled[: self.dimensions])

    @property
    def is_usual(self) -> bool:
        """True when it is that of all-MiniLM-L6-v2, and needs no file of its own."""
        return not self.layers and self == Head()

    def save(self, directory: Path) -> None:
        """Write it; the same head gives the same bytes."""
        arrays: dict[str, Vectors] = {}
        for number, layer in enumerate(self.layers):
            arrays |= {
                f"{name}{number}": array
                for name, array in (("weight", layer.weight), ("bias", layer.bias))
                if array is not None
            }
        told = {name: value for name, value in asdict(self).items() if name != "layers"}
        told["activations"] = [layer.activation for layer in self.layers]
        np.savez(directory / FILE, allow_pickle=False, head=np.array(json.dumps(told, sort_keys=True)), **arrays)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """The one that was saved; OSError, ValueError, KeyError for a file that cannot be read."""
        with np.load(directory / FILE) as stored:
            told = json.loads(str(stored["head"]))
            layers = tuple(
                Layer(activation=name, weight=stored.get(f"weight{number}"), bias=stored.get(f"bias{number}"))
                for number, name in enumerate(told.pop("activations"))
            )
        return cls(**told | {"pooling": tuple(told["pooling"])}, layers=layers)
