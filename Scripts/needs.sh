#!/bin/sh
# What building and running needs beyond the packages: installed when that is allowed, else named in one line.
set -eu

missing=""
command -v swift >/dev/null 2>&1 || { echo "swift is not installed: get Swift 6.3 or newer from swift.org" >&2; exit 69; }
command -v git >/dev/null 2>&1 || missing="$missing git"
command -v python3 >/dev/null 2>&1 || missing="$missing python3"
command -v python3 >/dev/null 2>&1 && { python3 -m pip --version >/dev/null 2>&1 || missing="$missing python3-pip"; }
[ -f /usr/include/zlib.h ] || [ "$(uname)" = Darwin ] || missing="$missing zlib1g-dev"
[ -z "$missing" ] && exit 0

if command -v apt-get >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing
    exit 0
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    sudo -n apt-get update -qq && sudo -n DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing
    exit 0
  fi
fi
echo "missing:$missing; install them, for example with: sudo apt-get install$missing" >&2
exit 69
