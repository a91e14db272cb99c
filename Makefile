# The commands of the project. `make` alone lists them.

CARGO_DENY_VERSION := 0.20.2
CARGO_FUZZ_VERSION := 0.13.2
STAGE ?= dev
ARGS ?=
# How long `make soak` and `make chaos` go on, and `make fuzz` for each target.
SECONDS ?= 60
# Appointments that `make chaos` asks for in a second.
RATE ?= 500
# What `make review` compares with, where it writes, and what must not be in a change.
BASE ?= main
REVIEW_DIR ?= target/review
REVIEW_GATES ?= --fail-on broadening --fail-on destructive

# The tools that tests and checks need live under target/, so that a clone brings its own.
PYTHON := target/python
CFN_LINT := $(PYTHON)/bin/cfn-lint
MINISTACK := target/ministack/bin/ministack
SCHEMATHESIS := target/schemathesis/bin/schemathesis
NODE_TOOLS := target/node/package.json
CARGO_DENY := target/tools/bin/cargo-deny
CARGO_FUZZ := target/tools/bin/cargo-fuzz
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: help run test soak e2e chaos fuzz check golden openapi deployer-policy review bench bench-functions advisories setup setup-package setup-chromium setup-mariadb synth

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Start the whole system on this machine (ARGS="--listen 127.0.0.1:3001")
	cargo run --profile local --no-default-features --features local -- local --stage $(STAGE) $(ARGS)

test: setup ## Set up what the tests need and run them all
	cargo test --workspace --no-fail-fast

soak: ## Simulate the system under every fault, seed after seed (SECONDS=60)
	cargo run --quiet --release --package schedule-simulation -- $(SECONDS)

e2e: setup ## Build the functions for Lambda, deploy them to an emulator with IAM in force, and put the system to the test
	cargo test --package infra-synth --no-default-features --features aws --test ministack -- --include-ignored

chaos: setup-mariadb ## Kill MariaDB and the local system under load, and count what was lost (SECONDS=60 RATE=500)
	cargo build --quiet --profile local --package infra-synth --no-default-features --features local
	cargo run --quiet --profile local --package infra-synth-chaos -- \
	  $${CARGO_TARGET_DIR:-target}/local/infra-synth --seconds $(SECONDS) --rate $(RATE) $(ARGS)

fuzz: $(CARGO_FUZZ) ## Look for inputs that break a promise, SECONDS for each target
	@for target in request evaluator matchers envelopes; do \
	  echo "fuzz: $$target, $(SECONDS) s"; \
	  PATH="$(CURDIR)/target/tools/bin:$$PATH" cargo fuzz run --sanitizer none --target-dir target/fuzz $$target -- \
	    -max_total_time=$(SECONDS) -dict=fuzz/dictionaries/$$target.dict || exit 1; \
	done

check: $(CARGO_DENY) ## Format, lints, docs, licences and sources of what is used
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo clippy --package infra-synth --no-default-features -- -D warnings
	cargo check --quiet --locked --manifest-path fuzz/Cargo.toml --target-dir target/fuzz
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items
	$(CARGO_DENY) --workspace check bans licenses sources

advisories: $(CARGO_DENY) ## Known vulnerabilities of what is used (fetches the advisory database)
	$(CARGO_DENY) --workspace check advisories

openapi: ## Write docs/openapi.json, the API's description, from the types as they are now
	cargo run --quiet --package schedule-openapi --features generate -- docs/openapi.json

deployer-policy: $(CFN_LINT) ## Write docs/deployer-policy.json anew, from the templates' types
	$(PYTHON)/bin/python .ci/deployer_policy.py > target/deployer-policy.json
	mv target/deployer-policy.json docs/deployer-policy.json

golden: ## Accept the templates as they are now into snapshots/
	INSTA_UPDATE=always cargo test --package schedule-stacks --test snapshots every_stage

review: ## What the change since BASE opens, replaces and loses, as CI says it (BASE=main)
	.ci/review $(BASE) $(REVIEW_DIR) $(REVIEW_GATES)

synth: ## Write a stage's template to standard output, built for the edit-and-look loop
	@cargo run --quiet --package infra-synth --no-default-features -- synth --stage $(STAGE) $(ARGS)

bench: $(CFN_LINT) $(MINISTACK) $(NODE_TOOLS) ## Measure, side by side with what it is compared to
	bash infra-synth/bench/run

FUNCTIONS := create-appointment get-appointment process-appointment process-confirmation republish-pending
PEER := functions/bench/peer

# The first that this process may use.
ONE_PROCESSOR := $(shell sed -n 's/^Cpus_allowed_list:[[:space:]]*\([0-9]*\).*/\1/p' /proc/self/status)

# This machine's processor, with the C library of Lambda: as `infra-synth package` links.
LAMBDA_TARGET := $(shell uname -m)-unknown-linux-gnu
LAMBDA_BUILD = PATH="$(CURDIR)/$(PYTHON)/bin:$$PATH" cargo zigbuild --quiet --profile function --target $(LAMBDA_TARGET).2.34

# On one processor: a function of less than 1,769 MB gets at most one, and waking a second virtual one costs more than
# what is measured. Built apart from the harness, whose dependencies would have more features on.
bench-functions: $(NODE_TOOLS) setup-package ## Measure the functions on a Lambda Runtime API, beside TypeScript on Node
	$(LAMBDA_BUILD) $(FUNCTIONS:%=--package %)
	$(LAMBDA_BUILD) --package schedule-functions-bench
	cd $(PEER) && npm install --silent --no-audit --no-fund && npm run --silent build
	taskset --cpu-list $(ONE_PROCESSOR) $${CARGO_TARGET_DIR:-target}/$(LAMBDA_TARGET)/function/bench-functions \
	  $${CARGO_TARGET_DIR:-target}/$(LAMBDA_TARGET)/function target/bench-functions/peer.cjs

setup: $(CFN_LINT) $(MINISTACK) $(SCHEMATHESIS) $(NODE_TOOLS) setup-mariadb setup-chromium ## Install what the tests need: tools under target/, MariaDB, Node and Chromium from Debian

setup-package: $(CFN_LINT) ## Install what `infra-synth package` and `deploy` need: the cross-linker, under target/

$(CFN_LINT): .ci/requirements.txt
	python3 -m venv $(PYTHON)
	$(PYTHON)/bin/pip install --quiet --disable-pip-version-check --requirement .ci/requirements.txt
	@touch $@

# In an environment of its own: it and checkov ask for different versions of the same library.
$(MINISTACK): .ci/ministack.txt
	python3 -m venv target/ministack
	target/ministack/bin/pip install --quiet --disable-pip-version-check --requirement .ci/ministack.txt
	@touch $@

$(SCHEMATHESIS): .ci/schemathesis.txt
	python3 -m venv target/schemathesis
	target/schemathesis/bin/pip install --quiet --disable-pip-version-check --requirement .ci/schemathesis.txt
	@touch $@

$(NODE_TOOLS): .ci/node/package.json
	@command -v npm >/dev/null || { \
	  echo "installing nodejs and npm from the system's packages"; \
	  $(SUDO) apt-get update --quiet=2 && \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --no-install-recommends --yes nodejs npm; }
	mkdir -p target/node
	cp .ci/node/package.json $@
	npm install --prefix target/node --silent --no-audit --no-fund --no-package-lock || { rm $@; exit 1; }
	@touch $@

setup-chromium:
	@command -v chromium >/dev/null || { \
	  echo "installing chromium from the system's packages"; \
	  $(SUDO) apt-get update --quiet=2 && \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --no-install-recommends --yes chromium; }

setup-mariadb:
	@command -v mariadbd >/dev/null || [ -x /usr/sbin/mariadbd ] || { \
	  echo "installing mariadb-server from the system's packages"; \
	  $(SUDO) apt-get update --quiet=2 && \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --no-install-recommends --yes mariadb-server; }

$(CARGO_DENY):
	cargo install --quiet --locked --root target/tools cargo-deny@$(CARGO_DENY_VERSION)

$(CARGO_FUZZ):
	cargo install --quiet --locked --root target/tools cargo-fuzz@$(CARGO_FUZZ_VERSION)
