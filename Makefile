# Lancer's front door. Each target installs what it lacks (Debian packages; Python packages
# into build/venv), builds into build/release and does its job. CMake alone serves too:
#   cmake --preset release && cmake --build --preset release
#
#   make demo    a tour on data of this machine        make check   lint, sanitizers, fuzz
#   make test    every test but the long ones          make bench   comparisons with others
#   make build   everything, without running it        make soak    the long reliability tests
#   make coverage    how much of each folder the tests run

JOBS ?= $(shell nproc)
VENV := build/venv
PACKAGES := tools/dev/install_packages.sh
REQUIREMENTS := tools/dev/requirements
CTEST := ctest --no-tests=error --output-on-failure -j $(JOBS)

.DEFAULT_GOAL := build
.PHONY: build demo test check coverage bench soak clean packages

packages:
	@$(PACKAGES) build test

$(VENV)/.installed-test: $(REQUIREMENTS)/test.txt | packages
	@tools/dev/make_venv.sh $(VENV) test

$(VENV)/.installed-bench: $(REQUIREMENTS)/bench.txt | packages
	@tools/dev/make_venv.sh $(VENV) bench

build: $(VENV)/.installed-test
	@cmake --preset release >/dev/null
	@cmake --build --preset release -j $(JOBS)

demo: build
	@examples/demo.sh build/release/bin

test: build
	@$(CTEST) --test-dir build/release -LE soak

check: build
	@tools/dev/check.sh $(JOBS)

coverage: $(VENV)/.installed-test
	@tools/dev/check.sh $(JOBS) coverage

bench: $(VENV)/.installed-test $(VENV)/.installed-bench
	@$(PACKAGES) bench
	@cmake --preset release -DLANCER_BUILD_BENCH=ON >/dev/null
	@cmake --build --preset release -j $(JOBS)
	@bench/run.sh build/release

soak: build
	@python3 tools/dev/soak.py --build build/release --report tests/soak-results.md

clean:
	rm -rf build
