"""A few articles, a corpus file and a forum: enough to index in a second, too little to be sure of anything."""

import json
from pathlib import Path
from typing import Any

ARTICLES = {
    "lids.md": "---\nid: lids\ntitle: Which lids fit\nlanguage: en\n---\n\nEvery lid fits every pot of its size.\n",
    "care.md": "---\nid: care\n---\n\n# Care for the wood\n\nWash it by hand and oil it once a year.\n",
}
FAQ = [{"id": "opening", "title": "When are you open?", "text": "Every day from ten to six.", "kind": "faq"}]
FORUM: list[dict[str, Any]] = [
    {
        "id": "thread-1",
        "title": "Scratches in the pan",
        "question": "How do I get rid of scratches in my pan?",
        "answers": [
            {"author": "Mo", "role": "member", "votes": 1, "date": "2025-05-05", "text": "Sand it."},
            {"author": "Ida", "role": "official", "accepted": True, "date": "2025-06-06", "text": "Send it to us."},
        ],
    },
    {"id": "thread-2", "title": "Anybody?", "question": "Is anybody here?", "answers": []},
]


def write_articles(folder: Path) -> Path:
    """A folder of Markdown."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def write_lines(path: Path, rows: list[dict[str, Any]]) -> Path:
    """A file of JSON Lines."""
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path
