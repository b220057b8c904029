#!/usr/bin/env python3
"""Score a slogan from 0 to 10: slogan.py TEXT

Ten points, less two for each word above six, three for quotes, and two unless two words begin with the same letter.
"""
import re
import sys


def score(text):
    words = re.findall(r"\w+", text.lower())
    points = 10 - 2 * max(0, len(words) - 6)
    if re.search(r'["“”«»]', text):
        points -= 3
    initials = [word[0] for word in words if len(word) > 2]
    if len(set(initials)) == len(initials):
        points -= 2
    return max(0, points) if words else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: slogan.py TEXT")
    print(score(sys.argv[1][:10_000]))
