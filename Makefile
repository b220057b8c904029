# make demo      builds the command, installs the local models, and shows what it does
# make test      builds and runs every test, those on the local models included
# make check     formatting and documentation
# make bench     the benchmarks, beside a floor measured in the same run
# make install   a release build of the command and its shell completions, into PREFIX (default: ~/.local)

SWIFT ?= swift
PYTHON ?= python3
PREFIX ?= $(HOME)/.local
LOCAL := .turnout/local

.PHONY: demo test check format bench install models needs

demo: needs
	@echo "Building the command (the first build fetches and compiles the packages it needs; some minutes) …"
	$(SWIFT) build --product turnout
	@$(MAKE) --no-print-directory models
	@Examples/demo.sh "$$($(SWIFT) build --show-bin-path)/turnout"

test: needs models
	$(SWIFT) build --build-tests
	SWIFT="$(SWIFT)" Scripts/test.sh

models: needs
	@$(PYTHON) Sources/TurnoutLocal/Resources/install.py --into $(LOCAL)

check:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Examples Benchmarks/Package.swift Benchmarks/Sources
	$(PYTHON) Scripts/check-docs.py

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests Examples Benchmarks/Package.swift Benchmarks/Sources

bench:
	$(SWIFT) build -c release --package-path Benchmarks
	"$$($(SWIFT) build -c release --package-path Benchmarks --show-bin-path)/turnout-bench"

install: needs
	$(SWIFT) build -c release --product turnout
	@set -e; bin="$$($(SWIFT) build -c release --show-bin-path)/turnout"; \
	mkdir -p "$(PREFIX)/bin" "$(PREFIX)/share/bash-completion/completions" "$(PREFIX)/share/zsh/site-functions" \
	  "$(PREFIX)/share/fish/vendor_completions.d"; \
	install -m 755 "$$bin" "$(PREFIX)/bin/turnout"; \
	"$$bin" --generate-completion-script bash > "$(PREFIX)/share/bash-completion/completions/turnout"; \
	"$$bin" --generate-completion-script zsh > "$(PREFIX)/share/zsh/site-functions/_turnout"; \
	"$$bin" --generate-completion-script fish > "$(PREFIX)/share/fish/vendor_completions.d/turnout.fish"; \
	echo "installed $(PREFIX)/bin/turnout and completions for bash, zsh and fish"

needs:
	@Scripts/needs.sh
