# SPDX-License-Identifier: MIT
# Two commands do everything on a fresh Debian machine with Swift: make demo, and make test.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PROGRAM := .build/release/rallybook
PACKAGES := libcairo2-dev libpango1.0-dev libpng-dev libsqlite3-dev libcmark-gfm-dev libcmark-gfm-extensions-dev pkg-config fonts-inter fonts-wqy-microhei make
TEST_PACKAGES := chromium chromium-driver pngcheck python3 python3-venv default-jre-headless slurm-wlm munge ffmpeg
PYTHON := .venv/bin/python3
SWIFT_BUILD := swift build -c release
# Root needs no sudo; on many small machines there is none.
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: help setup setup-gymnasium setup-test build demo test test-core test-long test-slurm test-arm64 test-asan test-tsan fuzz bench bench-against simulate-verdicts peers gallery lint format goldens environments schema docs guide-pictures install uninstall package test-package doctor clean ci

help: ## show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

# $(call install-missing,packages): asks apt only for what dpkg does not have.
define install-missing
	@missing=$$(for p in $(1); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	  echo "installing:" $$missing; \
	  $(SUDO) apt-get update -qq; \
	  DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
endef

setup: ## install what building and running need (Debian packages)
	$(call install-missing,$(PACKAGES))
	@command -v swift >/dev/null || { echo "swift is missing: install Swift 6.1 or later from https://www.swift.org/install/linux" >&2; exit 1; }

# $(call install-python,requirements): brings .venv to exactly what a file pins.
define install-python
	@stamp=.venv/$(subst /,-,$(1)); \
	if ! cmp -s $(1) $$stamp; then \
	  echo "installing $(1) in .venv"; \
	  [ -x $(PYTHON) ] || python3 -m venv .venv; \
	  .venv/bin/pip install -q --disable-pip-version-check -r $(1); \
	  cp $(1) $$stamp; \
	fi
endef

setup-gymnasium: setup ## add Python with Gymnasium and the real Atari, for gymnasium: environments
	$(call install-missing,python3 python3-venv)
	$(call install-python,Sources/GymnasiumBridge/Python/requirements.txt)

setup-test: setup setup-gymnasium ## add what the tests use: Chromium, pngcheck, Slurm, Python
	$(call install-missing,$(TEST_PACKAGES))
	$(call install-python,Tests/requirements.txt)

build: setup ## build the program, optimized
	$(SWIFT_BUILD) --product rallybook

demo: build ## setup, build, a real experiment of a few minutes, its report
	$(PROGRAM) run experiments/demo.json
	@echo; echo "open reports/demo/index.html"

test: setup-test ## the whole test suite
	swift build -c release --build-tests
	RALLYBOOK_PYTHON=$(CURDIR)/$(PYTHON) swift test -c release --skip-build

test-core: setup ## only the modules below runs and reports
	RALLYBOOK_MODULES=Algorithms,ExperimentSpec,Statistics,Plotting swift test -c release --scratch-path .build-core

test-long: setup-test ## the test suite with many more kills at random moments
	swift build -c release --build-tests
	RALLYBOOK_LONG=1 RALLYBOOK_PYTHON=$(CURDIR)/$(PYTHON) swift test -c release --skip-build

test-slurm: setup-test ## the cluster back end against a real Slurm on loopback
	swift build -c release --build-tests
	swift test -c release --skip-build --filter 'Slurm'

test-arm64: setup ## the kernels for ARM64 under qemu-user, bit for bit against this machine's
	$(call install-missing,qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross)
	Tests/arm64/compare.sh

# What the sanitizers can run: the modules below learning, with a lane of C and Swift each.
SANITIZED := Artifacts,ExperimentSpec,Plotting,RunStore,Search,Statistics

test-asan: setup ## the lower modules' tests under the Address Sanitizer
	RALLYBOOK_MODULES=$(SANITIZED) swift test --sanitize=address --scratch-path .build-asan

test-tsan: setup ## the lower modules' tests under the Thread Sanitizer
	RALLYBOOK_MODULES=$(SANITIZED) swift test --sanitize=thread --scratch-path .build-tsan

# The readers under libFuzzer: TARGETS, each for SECONDS. What is new stays in .build-fuzz/corpus.
FUZZ := .build-fuzz/release/RallybookFuzz
FUZZ_LIBRARY = $(wildcard $(dir $(realpath $(shell command -v swiftc)))../lib/clang/*/lib/linux/libclang_rt.fuzzer_no_main-$(shell uname -m).a)
SECONDS ?= 60
TARGETS ?= experiment query stats records trace replay safetensors checkpoint policy stored events numpy curves

fuzz: setup ## hostile input for every reader, SECONDS=60 each (TARGETS=query for one)
	@test -n "$(FUZZ_LIBRARY)" || { echo "this Swift toolchain has no libFuzzer" >&2; exit 1; }
	RALLYBOOK_FUZZ=$(FUZZ_LIBRARY) $(SWIFT_BUILD) --scratch-path .build-fuzz --product RallybookFuzz
	@for target in $(TARGETS); do \
	  new=.build-fuzz/corpus/$$target; mkdir -p $$new .build-fuzz/found; \
	  echo "== $$target"; \
	  SWIFT_BACKTRACE=enable=no RALLYBOOK_FUZZ_RUNS=Tests/rallybookTests/Fixtures/versions/5578467/stored \
	    $(FUZZ) $$target -max_total_time=$(SECONDS) -timeout=20 -rss_limit_mb=4096 -max_len=65536 \
	    -close_fd_mask=3 -print_final_stats=1 -artifact_prefix=.build-fuzz/found/$$target- \
	    $$new Tests/Fuzzing/$$target 2>&1 \
	    | grep -E 'accepted|DONE|ERROR|stat::number_of_executed_units|Test unit written' || true; \
	done; ! ls .build-fuzz/found 2>/dev/null | grep .

bench: setup-test ## the figures beside bars and peers; with REV=… beside that build too
	$(SWIFT_BUILD) --product RallybookBench
	.build/release/RallybookBench --python $(PYTHON)
	$(if $(REV),$(MAKE) bench-against)

# Adastop is only for this; its own environment, so that nothing else depends on it.
simulate-verdicts: build ## error, power and seeds of sequential verdicts, beside adastop (minutes)
	@[ -x .venv-adastop/bin/python3 ] || python3 -m venv .venv-adastop
	.venv-adastop/bin/pip install -q --disable-pip-version-check -r Tests/simulation/requirements.txt
	$(PROGRAM) simulate-verdicts --scores .build/simulated-scores.csv
	.venv-adastop/bin/python3 Tests/simulation/adastop_beside.py .build/simulated-scores.csv

# Like adastop, torch has an environment of its own; what was trained once stays in .build/peers.
peers: build ## PPO and TRPO beside stable-baselines3 and sb3-contrib, five seeds each (two hours of a core)
	@[ -x .venv-peers/bin/python3 ] || python3 -m venv .venv-peers
	.venv-peers/bin/pip install -q --disable-pip-version-check -r Tests/peers/requirements.txt
	.venv-peers/bin/python3 Tests/peers/peers.py $(PROGRAM) .build/peers reports

# The earlier build stays in .build-against until `make clean`; BUILT names one that is there already.
EARLIER = .build-against/$(REV)
BUILT ?= $(EARLIER)/.build/release/rallybook
bench-against: build setup-gymnasium ## this program beside the build of REV=5578467, in pairs (ROWS=plan for one)
	@test -n "$(REV)" || [ -x "$(BUILT)" ] || { echo "which revision? make bench-against REV=5578467" >&2; exit 2; }
	[ -x $(BUILT) ] || { mkdir -p $(EARLIER) && git archive $(REV) | tar -x -C $(EARLIER) \
	  && $(SWIFT_BUILD) --package-path $(EARLIER) --product rallybook; }
	RALLYBOOK_PYTHON=$(CURDIR)/$(PYTHON) $(PYTHON) Sources/RallybookBench/against.py $(BUILT) $(PROGRAM) $(ROWS)

gallery: build ## run every shipped experiment and render its report
	for file in experiments/*.json; do case $$file in *.schema.json) ;; *) $(PROGRAM) run $$file;; esac; done

lint: ## formatting and style
	swift format lint --strict --recursive Package.swift Sources Tests

format: ## format all sources in place
	swift format -i --recursive Package.swift Sources Tests

goldens: ## record the golden files again; the tests that do still fail once
	-RALLYBOOK_RECORD=1 swift test -c release

# The packages of the table are only for it; their own environment, so that nothing else depends on them.
environments: ## try the environments of Tests/environments and write their table (an hour)
	@[ -x .venv-environments/bin/python3 ] || python3 -m venv .venv-environments
	.venv-environments/bin/pip install -q --disable-pip-version-check -r Tests/environments/requirements.txt
	.venv-environments/bin/python3 Tests/environments/table.py > docs/reference/environments.tmp
	mv docs/reference/environments.tmp docs/reference/environments.md

schema: build ## write the generated pages under docs/reference
	$(PROGRAM) schema > docs/reference/experiment.schema.json
	sed '/^The tables below/q' docs/reference/experiment.md > docs/reference/experiment.tmp
	$(PROGRAM) schema --markdown >> docs/reference/experiment.tmp
	mv docs/reference/experiment.tmp docs/reference/experiment.md

guide-pictures: build setup-test ## the guide's pictures, from its own commands (minutes)
	RALLYBOOK_PYTHON=$(CURDIR)/$(PYTHON) $(PYTHON) docs/guide/pictures.py $(PROGRAM)

# Symbols are read from the release build; docc is the toolchain's.
docs: build ## a site of all modules in .build-docs/site
	docs/build.sh .build .build-docs
	@echo "python3 -m http.server -d .build-docs/site, then http://localhost:8000/documentation"

PREFIX ?= /usr/local
INSTALLED = $(addprefix $(DESTDIR)$(PREFIX)/,bin/rallybook share/man/man1/rallybook.1 \
  share/bash-completion/completions/rallybook share/zsh/site-functions/_rallybook \
  share/fish/vendor_completions.d/rallybook.fish)
install: build ## program, manual page and shell completions under PREFIX (default /usr/local)
	@set -- $(INSTALLED); install -s -Dm755 $(PROGRAM) $$1; \
	for what in man "completion bash" "completion zsh" "completion fish"; do \
	  shift; $(PROGRAM) $$what | install -Dm644 /dev/stdin $$1; done

# Libraries of the system stay shared, as the package's dependencies.
package: build ## a Debian package and a tar that need no Swift, in .build-package
	$(call install-missing,dpkg-dev)
	rm -rf .build-package
	$(MAKE) install DESTDIR=.build-package/root PREFIX=/usr
	cd .build-package && version=$$(root/usr/bin/rallybook --version) \
	&& gzip -9n root/usr/share/man/man1/rallybook.1 \
	&& tar --owner=0 --group=0 -C root/usr -czf rallybook-$$version-$$(uname -m).tar.gz . \
	&& mkdir -p debian root/DEBIAN && printf 'Source: rallybook\n\nPackage: rallybook\nArchitecture: any\n' > debian/control \
	&& needs=$$(dpkg-shlibdeps -O root/usr/bin/rallybook | sed 's/^shlibs:Depends=//') \
	&& printf '%s\n' "Package: rallybook" "Version: $$version" "Architecture: $$(dpkg --print-architecture)" \
	  "Maintainer: The Rallybook authors" "Depends: $$needs, fonts-inter" \
	  "Recommends: fonts-wqy-microhei, python3-venv" "Section: science" "Priority: optional" \
	  "Description: lab notebook for policy gradients" > root/DEBIAN/control \
	&& dpkg-deb --root-owner-group --build root . && ls -l *.deb *.tar.gz

# A bare Debian 12 (bookworm), in which nothing but the package is installed.
test-package: package ## install the package in a bare Debian 12 and run it there (root; minutes)
	$(call install-missing,debootstrap)
	$(SUDO) Tests/package/bare.sh .build-package/rallybook_*.deb

uninstall: ## takes away what install put there
	rm -f $(INSTALLED)

doctor: build ## what is installed and missing
	$(PROGRAM) doctor

clean: ## remove what was built; runs and reports stay
	rm -rf .build .build-against .build-core .build-asan .build-tsan .build-fuzz .build-package .build-docs .venv .venv-adastop .venv-environments .venv-peers

ci: ## what continuous integration runs
	bash .ci/run
