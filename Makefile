# 保俶 Baochu: from a clean clone to a served page. `make up`, `make down`, `make test`; see README.md.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.NOTPARALLEL:
.DEFAULT_GOAL := up
.PHONY: up down test lint soak lock clean bench-env

# Every start of a program would compile all of its modules anew.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
BIN := .venv/bin
UI := web/ui
UI_SOURCES := $(shell find $(UI) \( -name node_modules -o -name dist \) -prune -o -type f -print 2>/dev/null)

# Shell words that every step may use.
define WORDS
say() { printf '\n==> %s\n' "$$*"; }
fail() { printf '\n!!! %s\n' "$$@" >&2; exit 1; }
root=; [ "$$(id -u)" = 0 ] || root=sudo
prepare() {  # before installing the named packages
    local hint="需要 root 或 sudo，请先运行 / needs root or sudo, first run: apt-get update && apt-get install $$*"
    command -v apt-get >/dev/null || fail "请安装 / please install: $$*"
    [ -z "$$root" ] || command -v sudo >/dev/null || fail "$$hint"
    say "更新软件包目录 / reading the system's package lists"
    $$root apt-get -qq update </dev/null || fail "$$hint"
}
install() {
    $$root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$$@" </dev/null >/dev/null \
        || fail "安装失败，请以 root 运行 / failed, run as root: apt-get install $$*"
}
endef

up: .make/system .make/python .make/kernels .make/page
	@$(BIN)/baochu up

down:
	@[ ! -x $(BIN)/baochu ] || $(BIN)/baochu down

# Everything is run even if a check fails; pytest comes last and says the last word.
test: .make/system .make/chromium .make/broker .make/python .make/kernels .make/page
	@bad=0
	$(MAKE) --no-print-directory lint || bad=1
	printf '\n==> %s\n' "页面测试 / tests of the page (vitest)"
	npm --prefix $(UI) test </dev/null || bad=1
	printf '\n==> %s\n' "测试 / tests (pytest)"
	$(BIN)/pytest || exit $$?
	exit $$bad

lint: .make/python .make/npm
	@bad=0
	printf '\n==> %s\n' "检查代码 / checks: ruff, mypy, import-linter, vue-tsc"
	$(BIN)/ruff check || bad=1
	$(BIN)/ruff format --check || bad=1
	$(BIN)/mypy || bad=1
	$(BIN)/lint-imports || bad=1
	npm --prefix $(UI) run check || bad=1
	exit $$bad

soak: .make/system .make/chromium .make/python .make/page
	@$(BIN)/pytest -m soak
	BAOCHU_TEST_TRIES=20 $(BIN)/pytest tests/command tests/layers

# PostgreSQL with PostGIS and a Chinese font from the system's packages, only what is missing. Clusters that exist are
# left alone; where there is no PostgreSQL yet, its package is told not to make a cluster of its own.
.make/system:
	@$(WORDS)
	"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	    || fail "需要 Python 3.11–3.13（make PYTHON=python3.11 up）/ needs Python 3.11 to 3.13, found: $$("$(PYTHON)" --version 2>&1)"
	node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null && command -v npm >/dev/null \
	    || fail "需要 Node.js 20.19 以上及 npm / needs Node.js 20.19 or newer with npm, found: $$(node --version 2>&1 || true)"
	missing=()
	has=; newest=
	for programs in /usr/lib/postgresql/*/bin; do
	    [ -x "$$programs/initdb" ] || continue
	    version=$$(basename "$$(dirname "$$programs")"); newest=$$version
	    [ ! -e "/usr/share/postgresql/$$version/extension/postgis.control" ] || has=$$version
	done
	"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
	fc-list 2>/dev/null | grep -qi 'noto.*cjk' || [ -n "$$(find /usr/share/fonts -iname 'NotoSansCJK*' -print -quit 2>/dev/null)" ] || missing+=(fonts-noto-cjk)
	if [ -z "$$has" ]; then
	    missing+=("postgresql$${newest:+-$$newest}-postgis$${newest:+-3}")
	    [ -n "$$newest" ] || missing+=(postgresql)
	fi
	[ $${#missing[@]} = 0 ] || prepare "$${missing[@]}"
	if [ -z "$$newest" ]; then
	    say "安装 PostgreSQL 的公共部分 / installing what PostgreSQL's packages share"
	    install postgresql-common
	    $$root sed -i 's/^#\?\s*create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
	fi
	if [ $${#missing[@]} != 0 ]; then
	    say "安装系统软件包，约一两分钟 / installing system packages, a minute or two: $${missing[*]}"
	    install "$${missing[@]}"
	fi
	mkdir -p .make
	touch $@

# The browser of the page's tests.
.make/chromium: | .make/system
	@$(WORDS)
	if ! command -v chromium >/dev/null; then
	    prepare chromium
	    say "安装测试用浏览器，约一两分钟 / installing the browser for the tests, a minute or two: chromium"
	    install chromium
	fi
	touch $@

# The broker of the tests of readings; its own service is not started.
.make/broker: | .make/system
	@$(WORDS)
	if ! PATH="$$PATH:/usr/sbin" command -v mosquitto >/dev/null; then
	    prepare mosquitto
	    say "安装测试用消息服务器 / installing the broker for the tests: mosquitto"
	    policy=/usr/sbin/policy-rc.d
	    if [ ! -e $$policy ]; then
	        trap "$$root rm -f $$policy" EXIT
	        printf '#!/bin/sh\nexit 101\n' | $$root tee $$policy >/dev/null
	        $$root chmod +x $$policy
	    fi
	    install mosquitto
	fi
	touch $@

# A Python of its own, with exactly the locked packages.
.make/python: requirements.txt pyproject.toml | .make/system
	@$(WORDS)
	[ -x $(BIN)/python ] || { say "建立 Python 环境 / making a Python environment in .venv"; "$(PYTHON)" -m venv .venv; }
	if [ ! -x $(BIN)/uv ]; then
	    $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	    $(BIN)/python -m pip install -q 'uv>=0.5' || say "没有 uv，改用 pip / no uv, using pip"
	fi
	say "安装 Python 依赖，约半分钟 / installing the Python packages, about half a minute"
	$(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.txt \
	    || $(BIN)/python -m pip install -q --require-hashes -r requirements.txt \
	    || fail "Python 依赖安装失败，请检查到软件包仓库的网络后重试 / the Python packages did not install; check the way to the package registry and try again"
	$(BIN)/uv pip install -q --python $(BIN)/python --no-build-isolation --no-deps -e . \
	    || $(BIN)/python -m pip install -q --no-build-isolation --no-deps -e .
	touch $@

# The road engine, compiled for this machine before anybody asks.
.make/kernels: $(wildcard layers/engine/*.py) layers/assignment.py layers/clip.py layers/coverage.py layers/compiled.py layers/viewshed.py $(wildcard layers/fire/*.py) $(wildcard layers/flood/*.py) .make/python
	@$(WORDS)
	say "编译路网引擎与模型，约两分钟 / compiling the road engine and the models, about two minutes"
	$(BIN)/python -m layers.compiled
	touch $@

.make/npm: $(UI)/package.json $(UI)/package-lock.json | .make/system
	@$(WORDS)
	say "安装页面依赖，约半分钟 / installing the page's packages, about half a minute"
	npm --prefix $(UI) ci --no-audit --no-fund --loglevel=error </dev/null \
	    || fail "npm 依赖安装失败，请检查到软件包仓库的网络后重试 / the npm packages did not install; check the way to the package registry and try again"
	touch $@

.make/page: .make/npm $(UI_SOURCES)
	@$(WORDS)
	say "构建页面 / building the page"
	npm --prefix $(UI) run --silent build </dev/null || fail "页面构建失败，请看上面的信息 / the page did not build; see above"
	touch $@

# The locked packages, without the address of any registry: uv.lock itself carries addresses and is not committed.
lock:
	@$(WORDS)
	uv=$$(command -v $(BIN)/uv uv | head -1) || true
	[ -n "$$uv" ] || fail "需要 uv，请先运行 / needs uv, first run: make .make/python"
	"$$uv" lock
	"$$uv" export -q --no-emit-project --group dev --format requirements-txt --no-header -o requirements.txt
	"$$uv" export -q --no-emit-project --only-group bench --format requirements-txt --no-header -o requirements-bench.txt
	printf 'pyretechnics==2026.8.10\nnumpy<2\n' | "$$uv" pip compile -q --universal --python-version 3.11 --generate-hashes --no-header -o requirements-bench-fire.txt -
	printf 'itzi-core>=0.8,<0.9\nlandlab>=2.11\nrequireit<0.9\n' | "$$uv" pip compile -q --universal --python-version 3.12 --generate-hashes --no-header -o requirements-bench12.txt -
	npm --prefix $(UI) install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund
	! grep -nE '://|--(index-url|extra-index-url|find-links)' requirements*.txt || fail "requirements 含有地址 / carry an address"
	! grep -n '"resolved"' $(UI)/package-lock.json || fail "package-lock.json 含有地址 / carries addresses"

# The peers of `baochu bench`: ogr2ogr from the system's packages, tipg in an environment of its own; those of the water
# model need Python 3.12.
bench-env: .make/python
	@$(WORDS)
	command -v ogr2ogr >/dev/null || { prepare gdal-bin; install gdal-bin; }
	[ -x .venv-bench/bin/python ] || "$(PYTHON)" -m venv .venv-bench
	$(BIN)/uv pip install -q --compile-bytecode --python .venv-bench/bin/python --require-hashes -r requirements-bench.txt \
	    || .venv-bench/bin/python -m pip install -q --require-hashes -r requirements-bench.txt
	[ -x .venv-bench-fire/bin/python ] || "$(PYTHON)" -m venv .venv-bench-fire  # its peer wants an older numpy
	$(BIN)/uv pip install -q --compile-bytecode --python .venv-bench-fire/bin/python --require-hashes -r requirements-bench-fire.txt \
	    || .venv-bench-fire/bin/python -m pip install -q --require-hashes -r requirements-bench-fire.txt
	say "已装好 / installed: .venv-bench"
	newer=
	for one in python3.12 "$$HOME"/.pyenv/versions/3.12.*/bin/python; do
	    [ -n "$$newer" ] || ! "$$one" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 12))' 2>/dev/null || newer=$$one
	done
	if [ -z "$$newer" ]; then
	    say "没有 Python 3.12：itzi-core 与 landlab 未装 / no Python 3.12: itzi-core and landlab are not installed"
	    exit 0
	fi
	[ -x .venv-bench12/bin/python ] || "$$newer" -m venv .venv-bench12
	$(BIN)/uv pip install -q --compile-bytecode --python .venv-bench12/bin/python --require-hashes -r requirements-bench12.txt \
	    || .venv-bench12/bin/python -m pip install -q --require-hashes -r requirements-bench12.txt
	say "已装好 / installed: .venv-bench12"

clean:
	@$(MAKE) --no-print-directory down || true
	rm -rf .make .venv .venv-bench .venv-bench-fire .venv-bench12 $(UI)/node_modules $(UI)/dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
