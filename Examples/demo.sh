#!/bin/sh
# Shows what runs on this machine without a key, and what needs a better model, with a scripted one in its place.
# usage: Examples/demo.sh [path of the turnout command]
set -eu
cd "$(dirname "$0")/.."
turnout=${1:-.build/debug/turnout}

title() { printf '\n\033[1m%s\033[0m\n' "$1"; }
ask() {
  printf '\n\033[36m?\033[0m %s\n' "$2"
  "$turnout" run "$1" "$2" --progress
}

title "1. A support desk: each question goes to the branch that should answer it, to none, or to two"
echo "   Routing by a real encoder on this machine; answers are looked up in the example's catalogue and notes."
ask Examples/support.yaml "when does the new phone come out and what does it cost"
ask Examples/support.yaml "my phone keeps restarting, what now"
ask Examples/support.yaml "any news about a car maker"
ask Examples/support.yaml "My phone keeps restarting. And also, how much is the new tablet?"

title "2. The same desk in Chinese"
ask Examples/support.zh.yaml "新手机什么时候上市，多少钱？"
ask Examples/support.zh.yaml "我的手机总是重启，怎么办？"
ask Examples/support.zh.yaml "有没有某家汽车厂商的新闻？"

title "3. A look-up step puts facts into a prompt; the small local model says them in a sentence"
ask Examples/sentence.yaml "What is the Kestrel 4 like?"

title "4. Work in parallel on the small local model: three texts at once, results in the order of the inputs"
"$turnout" run Examples/parallel.yaml --progress

title "5. Tools chosen by a model, with a scripted model in place of a better one (the tool calls are real)"
printf '\n\033[36m?\033[0m %s\n' "when does the new phone come out and what does it cost"
"$turnout" run Examples/support.yaml "when does the new phone come out and what does it cost" --progress \
  --model scripted:Examples/scripts/support.yaml

title "6. Typed answers for three groups at once (scripted model)"
"$turnout" run Examples/stakeholders.yaml --progress --model scripted:Examples/scripts/stakeholders.yaml

title "7. A document in sections, translated in parallel, joined in order (scripted model)"
"$turnout" run Examples/translate.yaml --input-file Examples/data/notice.md --progress \
  --model scripted:Examples/scripts/translate.yaml | head -n 24
echo "…"

title "Next: $turnout init, or read Examples/support.yaml"
