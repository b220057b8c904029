"""Keeps one model server alive for exactly as long as the process that started it.

The one-line command that started this program took its source and its settings, `launch`, out of the environment.
Standard input stays open and empty: its end means that the owner is gone, however it went, and the server and
everything it started are killed. On standard output there is one line, written when the server answers:
{"port", "token", "pid"}; and, when there is no server (any more), {"error"}.
"""

import collections
import http.client
import json
import os
import secrets
import signal
import subprocess
import sys
import threading

# The server's source goes through its standard input: a reader of `ps` sees this line, not a page of Python.
BOOTSTRAP = "import json,sys;launch=json.loads(sys.stdin.buffer.readline());exec(launch['program'])"


class Keeper:
    def __init__(self, launch):
        self.launch = launch
        self.token = secrets.token_urlsafe(24)
        self.log = collections.deque(maxlen=40)
        self.why = None
        self.server = None
        self.ended = False

    def run(self):
        try:
            # Away from the terminal's process group, so that Ctrl-C ends the owner first and us by its end.
            os.setsid()
        except OSError:
            pass  # The owner has done it.
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.end())
        command = [sys.executable, "-I", "-S", "-B", "-c", BOOTSTRAP, "turnout-local", self.launch["kind"]]
        pipe = subprocess.PIPE
        # In a group of its own, which the server's own children join and which is killed as one.
        self.server = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True)
        threading.Thread(target=self.watch_owner, daemon=True).start()
        reader = threading.Thread(target=self.read_log, daemon=True)
        reader.start()
        limit = threading.Timer(self.launch["startLimit"], self.give_up)
        limit.daemon = True
        limit.start()
        self.hand_over()
        self.report_when_ready()
        limit.cancel()
        # Waited for even when it was killed: where process 1 collects no orphans it would stay as a zombie.
        status = self.server.wait()
        if self.ended:
            return 0
        reader.join(timeout=1)
        self.tell({"error": self.why or self.last_line() or f"the server ended with status {status}"})
        return 1

    def hand_over(self):
        message = {key: self.launch.get(key) for key in ("folder", "model", "slots", "context", "threads")}
        line = json.dumps({**message, "program": self.launch["server"], "token": self.token})
        try:
            # This pipe, too, stays open: its end tells the server that we are gone.
            self.server.stdin.write(line.encode() + b"\n")
            self.server.stdin.flush()
        except OSError:
            pass  # It has ended already; what it said is in the log.

    def report_when_ready(self):
        try:
            port = json.loads(self.server.stdout.readline())["port"]
        except (ValueError, KeyError, TypeError):
            return self.kill()
        # The port comes from our own child through a pipe, so nobody else can be behind it; asked once all the same.
        if self.answers(port, self.token) != 200 or self.answers(port, "not-" + self.token) != 401:
            self.why = self.why or "the server did not answer its own token"
            return self.kill()
        self.tell({"port": port, "token": self.token, "pid": self.server.pid})

    def answers(self, port, token):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=self.launch["startLimit"])
        try:
            connection.request("GET", "/v1/models", headers={"Authorization": "Bearer " + token})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def watch_owner(self):
        # Not through sys.stdin: a thread inside it would hinder Python's own end.
        while os.read(0, 4096):
            pass
        self.end()

    def give_up(self):
        self.why = f"no answer within {self.launch['startLimit']} s; its last line: {self.last_line() or 'none'}"
        self.kill()

    def read_log(self):
        for line in self.server.stderr:
            text = line.decode(errors="replace").strip()
            if text:
                self.log.append(text[:300])

    def last_line(self):
        return self.log[-1] if self.log else None

    def tell(self, message):
        try:
            sys.stdout.write(json.dumps(message) + "\n")
            sys.stdout.flush()
        except OSError:
            pass  # Nobody listens; standard input will end as well.

    def kill(self):
        if self.server is not None and self.server.returncode is None:
            try:
                os.killpg(self.server.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass

    def end(self):
        self.ended = True
        self.kill()
        # A process in the kernel's hands may outlive even SIGKILL for a while; we do not.
        last = threading.Timer(2, os._exit, [0])
        last.daemon = True
        last.start()


if __name__ == "__main__":
    sys.exit(Keeper(launch).run())  # noqa: F821
