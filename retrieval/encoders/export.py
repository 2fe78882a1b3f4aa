"""A transformer of torch, written as a graph that onnxruntime runs: in fp32, and from that in int8."""

from pathlib import Path
from typing import Any


def export(transformer: Any, path: Path, *, has_types: bool, output: str = "last_hidden_state") -> None:
    """Write the graph from token ids to last hidden states, float32 [batch, tokens, width]; fused where that is known.

    has_types: whether the model is told which of two texts a token is of; output: another result of the model, such as
    the logits of a classifier, [batch, labels].
    """
    import torch  # noqa: PLC0415  # heavy, and only needed to compile
    from onnxruntime.transformers import optimizer  # noqa: PLC0415  # as above

    names = ["input_ids", "attention_mask", *(["token_type_ids"] if has_types else [])]

    class States(torch.nn.Module):  # type: ignore[misc]  # torch is not there when types are checked
        """The model with its inputs by position, as the exporter gives them."""

        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, *inputs: Any) -> Any:
            """Its output."""
            return getattr(self.transformer(**dict(zip(names, inputs, strict=True))), output)

    ids = torch.ones((2, 8), dtype=torch.int64)
    with torch.no_grad():
        torch.onnx.export(
            States(),
            (ids, ids, torch.zeros_like(ids))[: len(names)],
            str(path),
            input_names=names,
            output_names=[output],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in names}
            | {output: {0: "batch", 1: "tokens"} if output == "last_hidden_state" else {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
    config = transformer.config
    optimized = optimizer.optimize_model(
        str(path),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        opt_level=0,
    )
    optimized.save_model_to_file(str(path))


def quantise(source: Path, target: Path) -> None:
    """Write the graph of `source` with weights of int8 to `target`."""
    import onnx  # noqa: PLC0415  # only needed to compile
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415  # as above

    quantize_dynamic(
        source,
        target,
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,  # 7 bits: two products of 8 do not fit into the 16 in which older processors add them
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )
