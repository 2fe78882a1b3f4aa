"""Cosine that an encoder gives to texts that have nothing to do with each other; some give a high one."""

from typing import Final

import numpy as np

from retrieval.encoders.encoder import Encoder

#: A question and a statement on each of some matters that are far from each other.
_ASKED: Final = (
    "How often should I water my tomatoes?",
    "Who won the football match last night?",
    "What is a minor chord?",
    "When does the last train to the coast leave?",
    "Which glaciers are melting fastest?",
    "How do I translate a poem?",
    "Why does bread dough rise?",
    "What did the court decide about the treaty?",
)
_SAID: Final = (
    "Sheep are shorn once a year, in early summer.",
    "The painter mixed her colours from minerals.",
    "A comet's tail always points away from the sun.",
    "The parliament adjourned until Tuesday.",
    "Rub the wood with oil along the grain.",
    "Her grandmother collected stamps from islands.",
    "The patient should rest for two days after the operation.",
    "Prices of copper fell for the third month.",
)


def unrelated_cosine(encoder: Encoder) -> float:
    """The mean cosine of questions and texts that have nothing to do with each other, at most 0.95."""
    cosines = encoder.encode_questions(_ASKED) @ encoder.encode(_SAID).T
    return float(np.clip(cosines.mean(), 0.0, 0.95))
