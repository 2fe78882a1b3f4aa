"""A small CrossEncoder with random weights, saved and compiled in a process of its own, since torch is slow and large.

`python small_cross_encoder.py FOLDER` saves it to FOLDER/model and writes what sentence-transformers itself makes of
PAIRS to FOLDER/scores.json; FOLDER/labels is one that gives three numbers for a pair.
"""

import json
import string
import sys
from pathlib import Path
from typing import Final

LETTERS: Final = string.ascii_lowercase + string.digits + ".,?!:"
PAIRS: Final = [
    ("how do i reset it", "Hold the button for ten seconds."),
    ("how do i reset it", "Delivery takes two to four working days."),
    ("where is my parcel", "Delivery takes two to four working days."),
    ("refund", ""),
    ("x " * 300, "A text beside a question that is too long."),
    ("ok", "Steps: one, two, three. " * 60),
]


def save(folder: Path, *, labels: int = 1) -> None:
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{each}" for each in LETTERS)]
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=128,
        initializer_range=0.3,
        num_labels=labels,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizer(vocab={word: place for place, word in enumerate(words)}, model_max_length=128).save_pretrained(folder)
    if labels == 1:
        import torch

        model = CrossEncoder(str(folder), device="cpu")
        scores = model.predict(PAIRS, activation_fn=torch.nn.Identity(), show_progress_bar=False)
        (folder.parent / "scores.json").write_text(json.dumps([float(each) for each in scores]))


if __name__ == "__main__":
    import torch

    torch.manual_seed(7)
    here = Path(sys.argv[1])
    save(here / "model")
    save(here / "labels", labels=3)
