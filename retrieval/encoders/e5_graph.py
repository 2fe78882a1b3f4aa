"""multilingual-e5-small as a graph that onnxruntime runs in 8 bits, compiled from the weights of the package.

Activations are scaled over a whole text, and a few channels of a transformer are twenty times as large as the others,
which would leave those some bits. So each channel is made smaller, and the weights that read it larger, by the root of
how much larger it is (Xiao et al., SmoothQuant, ICML 2023), as seen on a few texts; in steps of a quarter of an octave,
so that the last bits of what was seen, which machines compute differently, make no other graph.
"""

from typing import Any, Final

import numpy as np

from retrieval.encoders.e5_weights import E5Weights, Floats

#: The graph's inputs, float32 [1, tokens, width] each, and its output, float32 [1, width].
WORDS, POSITIONS, MEAN = "words", "positions", "mean"

_CONTRIB: Final = "com.microsoft"
_OPSET, _CONTRIB_OPSET, _IR = 18, 1, 9
#: The largest number of 8 bits.
_LARGEST: Final = 127
#: Activations smaller than this are not told apart.
_LEAST: Final = 1e-4

#: Steps of an octave by which channels are made smaller.
_STEPS: Final = 4

Ranges = dict[str, Floats]


def graph(weights: E5Weights, *, ranges: Ranges | None = None) -> Any:
    """The model: in 8 bits with the ranges that its activations were seen to have; without, in floats to see them."""
    return _Graph(weights, ranges).model()


def readings(weights: E5Weights) -> list[str]:
    """Names of the activations that matrices read, whose ranges are to be known."""
    inputs = ["entry", *(f"l{layer}.oln" for layer in range(weights.sizes.layers - 1))]
    return [
        name
        for layer, entry in enumerate(inputs)
        for name in (entry, f"l{layer}.ctx", f"l{layer}.aln", f"l{layer}.gelu")
    ]


class _Graph:
    def __init__(self, weights: E5Weights, ranges: Ranges | None) -> None:
        self._weights, self._ranges = weights, ranges
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def model(self) -> Any:
        from onnx import TensorProto, helper  # noqa: PLC0415  # only needed to compile

        sizes = self._weights.sizes
        states = self._normed("entry", WORDS, POSITIONS, "emb.ln")
        for layer in range(sizes.layers):
            states = self._layer(f"l{layer}", states)
        self._node("ReduceMean", [states, self._constant("axes", np.array([1]))], MEAN, keepdims=0)
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "tokens", sizes.width])
            for name in (WORDS, POSITIONS)
        ]
        outputs = [helper.make_tensor_value_info(MEAN, TensorProto.FLOAT, [1, sizes.width])]
        if self._ranges is None:
            outputs += [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in readings(self._weights)
            ]
        return helper.make_model(
            helper.make_graph(self._nodes, "e5", inputs, outputs, self._constants),
            opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_CONTRIB, _CONTRIB_OPSET)],
            ir_version=_IR,
        )

    def _layer(self, name: str, states: str) -> str:
        """Attention and what follows it, each added to what it read."""
        parts = [f"{name}.{part}" for part in "qkv"]
        self._product(f"{name}.qkv", states, parts)
        self._node("Split", [f"{name}.qkv"], *parts, axis=-1, num_outputs=3)
        self._node(
            "MultiHeadAttention", parts, f"{name}.ctx", domain=_CONTRIB, num_heads=self._weights.sizes.heads
        )  # fmt: skip
        self._product(f"{name}.ao", f"{name}.ctx", [f"{name}.ao"])
        attended = self._normed(f"{name}.aln", f"{name}.ao", states, f"{name}.aln")
        self._product(f"{name}.fi", attended, [f"{name}.fi"])
        self._node("Gelu", [f"{name}.fi"], f"{name}.gelu", domain=_CONTRIB)
        self._product(f"{name}.fo", f"{name}.gelu", [f"{name}.fo"])
        return self._normed(f"{name}.oln", f"{name}.fo", attended, f"{name}.oln")

    def _normed(self, name: str, states: str, added: str, tensor: str) -> str:
        """A sum, scaled to be alike in every token."""
        scale, bias = (
            self._constant(f"{name}.{part}", self._weights.floats(f"{tensor}.{part}")) for part in ("w", "b")
        )
        return self._node(
            "SkipLayerNormalization",
            [states, added, scale, bias],
            name,
            domain=_CONTRIB,
            epsilon=self._weights.sizes.epsilon,
        )

    def _product(self, name: str, states: str, tensors: list[str]) -> None:
        """Add the product of states and matrices laid side by side; in bytes once the activations' ranges are known."""
        matrix = np.concatenate([self._weights.matrix(f"{tensor}.w") for tensor in tensors])
        bias = self._constant(f"{name}.bias", np.concatenate([self._weights.floats(f"{each}.b") for each in tensors]))
        if self._ranges is None:
            product = self._node("MatMul", [states, self._constant(f"{name}.weights", matrix.T)], f"{name}.product")
            self._node("Add", [product, bias], name)
            return
        smaller = _smaller(self._ranges[states], matrix)
        states = self._node("Mul", [states, self._constant(f"{name}.smaller", smaller)], f"{name}.states")
        matrix = matrix / smaller
        scale = np.abs(matrix).max(axis=1) / _LARGEST
        weights = np.rint(matrix / scale[:, None]).astype(np.int8)
        constants = {"weights": weights.T, "scale": scale, "zero": np.zeros(len(scale), dtype=np.int8)}
        named = [self._constant(f"{name}.{part}", content) for part, content in constants.items()]
        self._node("DynamicQuantizeMatMul", [states, *named, bias], name, domain=_CONTRIB)

    def _constant(self, name: str, content: Any) -> str:
        from onnx import numpy_helper  # noqa: PLC0415  # only needed to compile

        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(content), name))
        return name

    def _node(self, kind: str, inputs: list[str], *outputs: str, domain: str = "", **attributes: Any) -> str:
        from onnx import helper  # noqa: PLC0415  # only needed to compile

        self._nodes.append(helper.make_node(kind, inputs, list(outputs), domain=domain, **attributes))
        return outputs[0]


def _smaller(largest: Floats, matrix: Floats) -> Floats:
    """Factor of each channel, a power of 2 in steps, 1 on the average. largest: its largest activation, [inputs]."""
    read = np.maximum(np.abs(matrix).max(axis=0), _LEAST)
    octaves = -np.log2(np.sqrt(np.maximum(largest, _LEAST) / read))
    smaller: Floats = np.exp2(np.rint(_STEPS * (octaves - octaves.mean())) / _STEPS).astype(np.float32)
    return smaller
