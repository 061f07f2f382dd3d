# arkffi: everything starts here. Each target works from a clean clone, with no other command before it.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:
.PHONY: help setup build prebuilds ohos har demo demo-windows bench jobs bench-check test test-core test-js test-types test-hosts test-ohos test-ohos-noexec test-ohos-arm64 test-package test-prebuilt test-arm64 test-apple test-musl test-processors test-windows test-ms test-old test-compilers asan tsan sweep check format generate clean

# setup.sh puts a Node.js here where the machine's own is too old.
export PATH := $(CURDIR)/build/node/bin:$(PATH)

JOBS ?= $(shell nproc 2>/dev/null || echo 2)
export CMAKE_BUILD_PARALLEL_LEVEL := $(JOBS)

quiet := @tools/quiet.sh
# tools/watch.mjs ends a test that hangs, not a limit of time, which load would exceed.
ctest := @ctest --output-on-failure --timeout 1000000

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what building, testing and checking need
	@tools/setup.sh build demo test check

build: ## the native module and the JavaScript, into dist/
	@tools/setup.sh build
	$(quiet) "configure" cmake --preset release -DARKFFI_TESTS=OFF
	$(quiet) "compile" cmake --build --preset release
	$(quiet) "compile TypeScript" npm run --silent build:ts

prebuilds: ## all ten native modules: those of the package into prebuilds/, and those of make ohos
	@tools/setup.sh prebuilds build ohos
	@node tools/prebuilds/build.mjs
	@node tools/openharmony/build.mjs

ohos: ## the native modules for OpenHarmony, into build/openharmony/libs/
	@tools/setup.sh build ohos
	@node tools/openharmony/build.mjs

har: ## the package for OpenHarmony, with the native modules of make ohos, into build/openharmony/
	@tools/setup.sh build
	@node tools/openharmony/har.mjs pack build/openharmony/libs build/openharmony/arkffi.har

demo: build ## see real C libraries called from JavaScript
	@tools/setup.sh demo
	@node examples/demo/main.mjs

bench: build ## measure arkffi beside its peers, which it fetches; `make bench jobs` measures real jobs only
	@node bench/run.mjs $(filter jobs,$(MAKECMDGOALS))

jobs:
	@:

bench-check: build ## whether calls cost as many instructions as before
	@tools/setup.sh counts
	@node bench/counts/check.mjs

test: build ## every suite: core and JavaScript, cold and warmed, and under sanitizers
	@tools/setup.sh core test
	@node tools/test.mjs

test-core: ## the tests of core and cdef, without Node.js
	@tools/setup.sh core
	$(quiet) "configure core" cmake -S . -B build/c -DARKFFI_BRIDGE=OFF
	$(quiet) "compile core" cmake --build build/c
	$(ctest) --test-dir build/c
	$(quiet) "configure core for an unknown processor" cmake -S core -B build/unknown -DARKFFI_UNKNOWN_CPU=ON
	$(quiet) "compile core for an unknown processor" cmake --build build/unknown
	$(ctest) --test-dir build/unknown
	$(quiet) "configure core for libraries by Clang" cmake -S core -B build/clang -DARKFFI_LIKE_CLANG=ON
	$(quiet) "compile core for libraries by Clang" cmake --build build/clang --target generated_test layout_test placement_test
	$(ctest) --test-dir build/clang -R '^core/(generated|layout|placement)_test$$'

test-js: build ## the JavaScript suites, cold and warmed
	@tools/setup.sh test
	@tools/test-js.sh release

test-types: build ## the type tests, by both TypeScript compilers
	$(quiet) "types" npm run --silent test:types

test-hosts: build ## the behaviour suite on Node.js 20 to 26, Bun and Deno, which it fetches
	@tools/setup.sh test
	@node tools/test-hosts.mjs

test-prebuilt: ## the behaviour suite on the shipped native module for this machine
	@tools/setup.sh build prebuilds
	$(quiet) "compile TypeScript" npm run --silent build:ts
	@node tools/platforms/test.mjs --script $(PART) glibc

test-arm64: ## core, cdef and the behaviour suite as 64-bit ARM code, under emulation
	@tools/setup.sh build prebuilds arm64
	$(quiet) "compile TypeScript" npm run --silent build:ts
	@node tools/platforms/test.mjs $(PART) arm64

test-apple: ## Apple's calling convention on 64-bit ARM, with functions that Clang compiles for it, under emulation
	@tools/setup.sh build apple
	@node tools/platforms/test.mjs --core apple-convention
	@node tools/platforms/arm-places.mjs apple --check core/test/apple_places.txt

test-musl: ## core, cdef and the behaviour suite with musl
	@tools/setup.sh build prebuilds musl
	$(quiet) "compile TypeScript" npm run --silent build:ts
	@node tools/platforms/test.mjs $(PART) musl

test-processors: ## core and cdef on riscv64 and ppc64le, under emulation; others are refused
	@tools/setup.sh build processors
	@node tools/platforms/test.mjs refused riscv64 ppc64le

test-windows: ## core and cdef, the behaviour suite in Node.js 22 and 20, and the demonstration, for Windows, under wine
	@tools/setup.sh build windows $(if $(PART),,apple)
	$(quiet) "compile TypeScript" npm run --silent build:ts
	@node tools/platforms/test.mjs $(PART) windows
	@[ -n "$(PART)" ] || node tools/platforms/demo.mjs windows
	@[ -n "$(PART)" ] || node tools/platforms/arm-places.mjs windows --check core/test/windows_arm_places.txt

demo-windows: ## the demonstration in Node.js for Windows, under wine
	@tools/setup.sh build windows
	$(quiet) "compile TypeScript" npm run --silent build:ts
	@node tools/platforms/demo.mjs windows

test-ms: ## 10,000 random signatures by Microsoft's convention, on Linux on x86-64
	@tools/setup.sh core
	$(quiet) "configure core" cmake -S . -B build/c -DARKFFI_BRIDGE=OFF
	$(quiet) "compile core" cmake --build build/c --target generated_test
	@ARKFFI_SEED=15 ARKFFI_GENERATED=10000 build/c/core/test/generated_test 2>build/log/generated.log || { cat build/log/generated.log; exit 1; }

test-old: build ## the package on Debian 11 with Node.js 20.0, and with musl and Bun alone; needs root
	@tools/setup.sh prebuilds musl old
	@node tools/platforms/old.mjs

test-compilers: ## compile with GCC 12 and 14 and Clang 14 and 19, which it fetches: no warnings
	@tools/setup.sh compilers
	@tools/warnings.sh gcc-12 gcc-14 clang-14 clang-19

test-ohos: build ## the behaviour suite on the native module for OpenHarmony, x86-64, with musl
	@tools/setup.sh ohos
	@node tools/openharmony/test.mjs x86_64

test-ohos-noexec: build ## the same where no memory can be made executable, as for an application
	@tools/setup.sh ohos
	@node tools/openharmony/test.mjs x86_64 --noexec

test-ohos-arm64: build ## the behaviour suite on the one for 64-bit ARM, under emulation
	@tools/setup.sh ohos ohos-arm64
	@node tools/openharmony/test.mjs arm64-v8a

test-package: build ## the package as users have it: package managers, hosts, bundlers, test runners
	@tools/setup.sh test
	@node tools/package/test.mjs

asan: build ## both suites under AddressSanitizer and UndefinedBehaviorSanitizer
	@tools/setup.sh test
	@node tools/test.mjs core-asan js-asan

tsan: build ## the core's tests, and those of threads, under ThreadSanitizer
	@tools/setup.sh test
	@node tools/test.mjs core-tsan js-tsan

sweep: build ## compare the constants, signatures and structs of 78 sets of headers with the compilers'; downloads the headers
	@test -d build/sweep/root || tools/sweep/fetch.sh build/sweep
	@node tools/sweep/sweep.mjs --root build/sweep/root --report build/sweep/report.txt
	@node tools/sweep/types.mjs --root build/sweep/root --report build/sweep/types.txt
	@node tools/sweep/speed.mjs --root build/sweep/root

check: build ## format, lint, types, generated files, house rules, and what calls cost
	@tools/setup.sh check counts
	@tools/check.sh
	@node bench/counts/check.mjs

format: ## lay out all sources as the check wants them
	@tools/setup.sh check
	@git ls-files -co --exclude-standard '*.c' '*.h' | xargs clang-format -i
	@npm run --silent format

generate: ## make the generated files: from core/def, and the picture of the rooms
	@tools/setup.sh build
	@node tools/generate.mjs
	@$(MAKE) build
	@node tools/rooms/draw.mjs

clean: ## remove what was built
	@rm -rf dist
	@[ ! -d build ] || find build -mindepth 1 -maxdepth 1 ! -name node -exec rm -rf {} +
