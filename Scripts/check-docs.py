#!/usr/bin/env python3
"""Checks the documentation: links lead somewhere, code files named in backticks exist, no page is left out, and every
public declaration has a comment, unless it fulfils a protocol's requirement, whose comment it then has."""
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

# Names of requirements: what these do is said where the protocol is declared.
requirements = set(
    "identity outline run name capabilities attempts respond maxTokens prepare embed embedExamples select decide decisionModel description "
    "debugDescription customMirror label value schema from receive wantsText hash index startIndex endIndex "
    "nilLiteral booleanLiteral integerLiteral floatLiteral stringLiteral arrayLiteral dictionaryLiteral "
    "outlines languageModel embeddingModel now minimumResolution sleep advanced duration subscript Output == <".split()
)
declaration = re.compile(
    r"^\s*public (?:(?:static|final|convenience|indirect|mutating|private\(set\)|nonisolated) )*"
    r"(?:(?:func|var|let|struct|class|actor|enum|protocol|typealias|macro) ([\w=<+]+)|(init)\??[(<]([\w]*)|(subscript))"
)
for source in sorted((root / "Sources").rglob("*.swift")):
    lines = source.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        match = declaration.match(line)
        if not match:
            continue
        above = number - 1
        while above >= 0 and lines[above].lstrip().startswith(("@", "#if", "#else", "#endif")):
            above -= 1
        documented = above >= 0 and lines[above].lstrip().startswith("///")
        names = {match.group(1), match.group(3), match.group(4)} - {None}
        if not documented and not names & requirements:
            problems.append(f"{source.relative_to(root)}:{number + 1}: no documentation for {line.strip()[:80]}")

for problem in problems:
    print(problem, file=sys.stderr)
print(f"{len(pages)} pages checked, {len(problems)} problems")
sys.exit(1 if problems else 0)
