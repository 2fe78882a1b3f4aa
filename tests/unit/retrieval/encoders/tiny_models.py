"""Small models of each kind, with random weights; a process of its own, since torch is slow to load and large.

`python tiny_models.py FOLDER` saves each to FOLDER/models/NAME and compiles it to FOLDER/compiled/NAME; what
sentence-transformers itself makes of TEXTS goes to FOLDER/vectors/NAME.npz, as `questions` and `passages`. What is said
of models that cannot be compiled goes to FOLDER/errors.json, by the name of what is wrong with them.
"""

import json
import shutil
import string
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

TEXTS: Final = [
    "How do I reset my hub?",
    "refund",
    "",
    "Delivery takes two to four working days.",
    "1. Unplug the hub. 2. Wait ten seconds. 3. Plug it in again. " * 20,
]
LETTERS: Final = string.ascii_lowercase + string.digits + ".,?!:"
#: Weights so large that texts are told apart, as by a model that has learned.
SPREAD: Final = {"initializer_range": 0.2}
LAYERS: Final = {"num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64, "hidden_size": 32} | SPREAD


def _pieces(*special: str) -> dict[str, int]:
    return {piece: number for number, piece in enumerate([*special, *LETTERS, *(f"##{each}" for each in LETTERS)])}


def _bert(**config: Any) -> tuple[Any, Any]:
    from transformers import BertConfig, BertModel, BertTokenizer

    pieces = _pieces("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
    made = BertConfig(vocab_size=len(pieces), max_position_embeddings=96, **LAYERS | config)
    return BertModel(made), BertTokenizer(vocab=pieces)


def _wild() -> tuple[Any, Any]:
    """Some channels a thousand times as large as others: what 8 bits are scaled to, and others vanish in."""
    import torch

    model, tokenizer = _bert()
    with torch.no_grad():
        for layer in model.encoder.layer:
            layer.intermediate.dense.weight[:2] *= 300
            layer.output.dense.weight[:, :2] /= 300
    return model, tokenizer


def _mpnet() -> tuple[Any, Any]:
    from transformers import MPNetConfig, MPNetModel, MPNetTokenizer

    pieces = _pieces("<s>", "<pad>", "</s>", "[UNK]", "<mask>")
    config = MPNetConfig(vocab_size=len(pieces), max_position_embeddings=98, **LAYERS)
    return MPNetModel(config), MPNetTokenizer(vocab=pieces, model_max_length=80)


def _xlm_roberta() -> tuple[Any, Any]:
    from transformers import XLMRobertaConfig, XLMRobertaModel, XLMRobertaTokenizer

    pieces = [(piece, 0.0) for piece in ("<s>", "<pad>", "</s>", "<unk>")]
    pieces += [(piece, -3.0 - number / 100) for number, piece in enumerate(["▁", *LETTERS, *LETTERS.upper()[:26]])]
    pieces += [(piece, -2.0) for piece in ("▁the", "▁hub", "ing", "re")] + [("<mask>", 0.0)]
    config = XLMRobertaConfig(
        vocab_size=len(pieces), max_position_embeddings=98, type_vocab_size=1, pad_token_id=1, **LAYERS
    )
    return XLMRobertaModel(config), XLMRobertaTokenizer(vocab=pieces, model_max_length=90)


def _distilbert() -> tuple[Any, Any]:
    from transformers import DistilBertConfig, DistilBertModel, DistilBertTokenizer

    pieces = _pieces("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
    config = DistilBertConfig(
        vocab_size=len(pieces), max_position_embeddings=96, n_layers=2, n_heads=4, hidden_dim=64, dim=32, **SPREAD
    )
    return DistilBertModel(config), DistilBertTokenizer(vocab=pieces)


def _electra() -> tuple[Any, Any]:
    from transformers import BertTokenizer, ElectraConfig, ElectraModel

    pieces = _pieces("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
    return ElectraModel(ElectraConfig(vocab_size=len(pieces), embedding_size=32, **LAYERS)), BertTokenizer(vocab=pieces)


def _saved(made: Callable[[], tuple[Any, Any]], folder: Path, pooling: Any, *further: Any, **told: Any) -> Any:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    transformer, tokenizer = made()
    for kept in (transformer.eval(), tokenizer):
        kept.save_pretrained(folder / "transformer")
    first = Transformer(str(folder / "transformer"), max_seq_length=told.pop("max_seq_length", None))
    model = SentenceTransformer(modules=[first, Pooling(32, pooling_mode=pooling), *further], device="cpu", **told)
    model.save(str(folder))
    return SentenceTransformer(str(folder), device="cpu")


def _asked_otherwise(folder: Path) -> Any:
    """The weights of "bert" with another prompt for questions."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder / "bert"), device="cpu")
    model.prompts["query"] = "tell: "
    model.save(str(folder / "bert-asked-otherwise"))
    return model


def _models(folder: Path) -> dict[str, Any]:
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize
    from torch import nn

    prompts = {"query": "ask: ", "document": "read: "}
    return {
        "bert": _saved(_bert, folder / "bert", "mean", Normalize(), prompts=prompts, max_seq_length=40),
        "bert-asked-otherwise": _asked_otherwise(folder),
        "bert-cls": _saved(_bert, folder / "bert-cls", "cls"),
        "bert-dense": _saved(
            _bert, folder / "bert-dense", "max", Normalize(), Dense(32, 24, activation_function=nn.Tanh()), Normalize()
        ),
        "mpnet": _saved(_mpnet, folder / "mpnet", "mean", Normalize(), prompts={"query": "q: "}),
        "xlm-roberta": _saved(_xlm_roberta, folder / "xlm-roberta", "mean", Normalize(), prompts=prompts),
        "distilbert": _saved(
            _distilbert, folder / "distilbert", ("weightedmean", "lasttoken", "mean_sqrt_len_tokens"), truncate_dim=80
        ),
        "wild": _saved(_wild, folder / "wild", "mean", Normalize()),
    }


def _spoilt(models: Path, folder: Path) -> dict[str, Path]:
    """Folders of models of which something is missing or not known."""

    def copy(name: str, of: str) -> Path:
        return shutil.copytree(models / of, folder / name)

    (copy("no modules", "bert") / "modules.json").unlink()
    next(copy("no weights", "bert").rglob("model.safetensors")).unlink()
    weights = next(copy("bad weights", "bert").rglob("model.safetensors"))
    weights.write_bytes(weights.read_bytes()[:1000])
    config = next(copy("activation", "bert-dense").glob("*_Dense/config.json"))
    told = json.loads(config.read_text("utf-8")) | {"activation_function": "torch.nn.modules.activation.Softsign"}
    config.write_text(json.dumps(told), "utf-8")
    _saved(_electra, folder / "kind", "mean")
    return {path.name: path for path in folder.iterdir()}


def main(folder: Path) -> None:
    """Make, save and compile them all."""
    import numpy as np
    import torch

    from retrieval.encoders.compile import compile_encoder
    from retrieval.encoders.encoder import clean
    from retrieval.errors import EncoderUnavailable

    torch.manual_seed(7)
    (folder / "vectors").mkdir()
    for name, model in _models(folder / "models").items():
        compile_encoder(folder / "compiled" / name, str(folder / "models" / name))
        texts = [clean(text, model.max_seq_length) for text in TEXTS]
        made = {"questions": model.encode_query, "passages": model.encode_document}
        np.savez(
            folder / "vectors" / f"{name}.npz",
            **{kind: encode(texts, normalize_embeddings=True, batch_size=1) for kind, encode in made.items()},
        )
    errors = {}
    for name, path in _spoilt(folder / "models", folder / "spoilt").items():
        try:
            compile_encoder(folder / "not compiled" / name, str(path))
        except EncoderUnavailable as error:
            errors[name] = str(error)
    (folder / "errors.json").write_text(json.dumps(errors), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
