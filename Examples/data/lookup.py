#!/usr/bin/env python3
"""Look facts up in catalogue.json or notes.json: lookup.py FILE WORDS... [--limit N] [--lang en|zh]

The best entries go to stdout, one a line, or "nothing found". Whole questions are welcome as words.
"""
import json
import os
import re
import sys
from collections import Counter
from math import log

STOP = set(
    "a about after again all also am an and any are as at be been but by can could did do does for from get got had has have"
    " hello hi how i if in into is it its just know like many may me much my need no not of on or our out please shall she he so"
    " some tell than that the their them then there these they this to up us was we were what when where which who why will"
    " with would you your cost costs price prices come comes release released launch date now new one".split()
)
STOP_ZH = set("什么 怎么 么办 怎样 多少 少钱 时候 请问 可以 你们 我们 我的 你好 一个 这个 那个 这款 哪款 有没 没有 有什 能不 不能 是不 现在".split())
# A word the customer uses -> the word the data uses.
SAME = {
    "phones": "phone", "mobile": "phone", "smartphone": "phone", "cellphone": "phone", "tablets": "tablet", "pad": "tablet",
    "watches": "watch", "smartwatch": "watch", "earbud": "earbuds", "headphones": "earbuds", "headphone": "earbuds",
    "earphones": "earbuds", "laptops": "laptop", "notebook": "laptop", "computer": "laptop", "pen": "stylus",
    "cases": "case", "cover": "case", "chargers": "charger", "restarting": "restart", "restarts": "restart",
    "reboots": "restart", "rebooting": "restart", "reboot": "restart", "wet": "water", "cracked": "broken",
    "shattered": "broken", "guarantee": "warranty", "shipping": "delivery", "ship": "delivery", "refunds": "refund",
    "return": "returns", "invoice": "invoices", "receipt": "invoices", "complain": "complaints", "complaint": "complaints",
    "job": "jobs", "open": "opening", "hour": "hours", "cheapest": "cheap", "drains": "drain", "colour": "colours",
    "batteries": "battery", "pair": "pairing", "connect": "pairing",
}
KINDS_ZH = {"phone": "手机", "tablet": "平板 平板电脑", "watch": "手表", "earbuds": "耳机", "laptop": "笔记本 笔记本电脑 电脑", "accessory": "配件"}
LONGEST_INPUT, MOST_LINES, LONGEST_LINE, LARGEST_FILE = 2_000, 20, 600, 5_000_000


def terms(text):
    """English words in lower case, and pairs of neighbouring Chinese characters."""
    text = str(text).lower()
    found = []
    for word in re.findall(r"[a-z0-9]+", text):
        word = SAME.get(word, word)
        if word not in STOP:
            found.append(word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word)
    for run in re.findall(r"[\u4e00-\u9fff]+", text):
        pairs = [run[i:i + 2] for i in range(len(run) - 1)] or [run]
        found += [pair for pair in pairs if pair not in STOP_ZH]
    return found


def weights(entry):
    """How much each term of an entry counts: names and titles most."""
    counted = Counter()
    for key, value in entry.items():
        weight = 3 if key.startswith(("name", "title", "category", "id")) else 1
        texts = [value, KINDS_ZH.get(value, "")] if isinstance(value, str) else []
        for term in {term for text in texts for term in terms(text)}:
            counted[term] = max(counted[term], weight)
    return counted


def best(entries, words, limit):
    asked = set(terms(words))
    known = [(entry, weights(entry)) for entry in entries if isinstance(entry, dict)]
    spread = Counter(term for _, counted in known for term in counted)
    scored = []
    for place, (entry, counted) in enumerate(known):
        score = sum(counted[term] * log(1 + len(known) / spread[term]) for term in asked if term in counted)
        if score > 0:
            scored.append((-score, newest(entry), place, entry))
    scored.sort(key=lambda item: item[:3])
    top = -scored[0][0] if scored else 0
    return [entry for score, _, _, entry in scored if -score >= 0.4 * top][:limit]


def newest(entry):
    """Sorts later release dates first."""
    digits = re.sub(r"\D", "", str(entry.get("release_date", "")))[:8]
    return -int(digits or 0)


def line(entry, lang):
    """One entry as a short line of facts."""
    def text(key):
        local = entry.get(key + "_zh") if lang == "zh" else None
        return str(local or entry.get(key) or "")

    if "price" not in entry:
        facts = ("：" if lang == "zh" else ": ").join(part for part in (text("title"), text("text")) if part)
    else:
        price = entry["price"] if isinstance(entry["price"], dict) else {}
        usd, cny, date, stock = price.get("USD", "?"), price.get("CNY", "?"), entry.get("release_date", "?"), entry.get("stock", "?")
        if lang == "zh":
            kind = KINDS_ZH.get(str(entry.get("category")), "").split(" ")[0]
            facts = f"{text('name')}（{kind}）：{cny}元，上市日期{date}，库存{stock}。{text('description')}"
        else:
            facts = f"{text('name')} ({entry.get('category', '')}): {usd} USD, release date {date}, {stock} in stock. {text('description')}"
    return " ".join(facts.split())[:LONGEST_LINE]


def options(arguments):
    """Splits the words from the options; what cannot be understood is treated as words."""
    words, limit, lang, rest = [], 3, None, list(arguments)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        if name in ("--limit", "--lang"):
            value = value if equals else (rest.pop(0) if rest else "")
            if name == "--lang":
                lang = value if value in ("en", "zh") else lang
            elif re.fullmatch(r"[0-9]{1,4}", value):
                limit = int(value)
        else:
            words.append(word)
    words = " ".join(words)[:LONGEST_INPUT]
    if lang is None:
        lang = "zh" if re.search(r"[\u4e00-\u9fff]", words) else "en"
    return words, max(1, min(limit, MOST_LINES)), lang


def main(arguments):
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__.strip(), file=sys.stderr)
        return 0 if arguments else 64
    try:
        with open(arguments[0], encoding="utf-8", errors="replace") as file:
            entries = json.loads(file.read(LARGEST_FILE))
    except (OSError, ValueError, RecursionError) as error:
        print(f"lookup.py: {arguments[0]}: {error}", file=sys.stderr)
        return 65
    words, limit, lang = options(arguments[1:])
    found = best(entries if isinstance(entries, list) else [], words, limit)
    print("\n".join(line(entry, lang) for entry in found) or "nothing found")
    return 0


if __name__ == "__main__":
    try:
        status = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(0)
    sys.exit(status)
