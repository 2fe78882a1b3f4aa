"""Speed and memory, measured as ratios within one run: `make bench`, or `python -m retrieval.bench --help`."""
