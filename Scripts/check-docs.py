#!/usr/bin/env python3
"""Checks the documentation: links lead somewhere, code files named in backticks exist, no page is left out."""
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
listed = subprocess.run(["git", "ls-files", "*.md"], cwd=root, capture_output=True, text=True, check=True)
pages = [root / name for name in listed.stdout.split() if not name.startswith("Examples/data/")]
problems = []

for page in pages:
    text = page.read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```", "", text, flags=re.S)
    for target in re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", prose):
        if re.match(r"[a-z]+:", target) or target.startswith("#") or target.startswith("doc:"):
            continue
        if not (page.parent / target.split("#")[0]).exists():
            problems.append(f"{page.relative_to(root)}: the link {target} leads nowhere")
    for path in re.findall(r"`((?:Sources|Tests|Examples|Benchmarks|Scripts)/[\w./-]+)`", prose):
        if not (root / path).exists():
            problems.append(f"{page.relative_to(root)}: {path} does not exist")

required = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"]
problems += [f"{name} is missing" for name in required if not (root / name).exists()]

for target in sorted((root / "Sources").iterdir()):
    if target.name in ("TurnoutMacros", "TurnoutCommand"):
        continue
    if not list(target.glob("*.docc/*.md")):
        problems.append(f"{target.relative_to(root)} has no DocC catalogue")

for problem in problems:
    print(problem, file=sys.stderr)
print(f"{len(pages)} pages checked, {len(problems)} problems")
sys.exit(1 if problems else 0)
