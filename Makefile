# `make help` lists what there is. Everything is written to .venv/, node_modules/ and var/.

SHELL := /bin/sh
VENV_PYTHON := .venv/bin/python
PYTEST_ARGS ?=
export PORT

# The first command that really starts a Python 3.11 or later (a pyenv shim may exist and not).
PYTHON ?= $(shell for name in python3.11 python3 python3.14 python3.13 python3.12 python; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	then echo $$name; break; fi; done)

.PHONY: help python install run demo-reset test guide-pictures bench-growth bench-backups lint format pins

help: ## 显示本说明 / show this help
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

python:
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo '✗ 未找到 Python 3.11 或更高版本，请先安装；或指定：make run PYTHON=/路径/python3.11'; \
		echo '  Python 3.11 or later was not found: install it or name it with PYTHON=...'; exit 1; } >&2

install: python ## 安装依赖 / install what is pinned
	@$(PYTHON) -m pilotwork.launch install

run: python ## 安装并启动演示 / install everything and serve the demo on http://127.0.0.1:8000 (PORT=8001)
	@$(PYTHON) -m pilotwork.launch run

demo-reset: python ## 重置演示数据 / start the demo's data afresh
	@$(PYTHON) -m pilotwork.launch demo-reset

test: install ## 运行快速测试 / the fast test suite, on SQLite unless DATABASE_URL names another
	@$(VENV_PYTHON) -m pytest -n 2 --dist loadgroup --no-migrations $(PYTEST_ARGS)

guide-pictures: install ## 生成帮助页配图 / take the pictures of the help page from the demo; needs chromium
	@$(VENV_PYTHON) manage.py guide_pictures

bench-growth: install ## 性能基准 / every page with little data and with much; BENCH_DATABASE_URL=postgres://...
	@$(VENV_PYTHON) -m benchmarks growth

bench-backups: install ## 备份恢复基准 / a backup of a million visits and its restore, timed
	@$(VENV_PYTHON) -m benchmarks backups

lint: install ## 代码检查 / ruff and djlint
	@$(VENV_PYTHON) -m ruff check .
	@$(VENV_PYTHON) -m ruff format --check .
	@$(VENV_PYTHON) -m djlint --quiet --check --lint templates

format: install ## 代码格式化 / let ruff and djlint write the format
	@$(VENV_PYTHON) -m ruff check --fix --quiet . || true
	@$(VENV_PYTHON) -m ruff format .
	@$(VENV_PYTHON) -m djlint --quiet --reformat templates || true

UV_COMPILE := .venv/bin/uv pip compile --quiet --no-config --no-header --no-emit-index-url \
	--no-emit-find-links --generate-hashes --python-version 3.11

pins: install ## 更新依赖锁定 / renew requirements*.txt and package-lock.json from their inputs
	@$(VENV_PYTHON) -m pip install --quiet uv==0.13.9
	@$(UV_COMPILE) requirements.in -o requirements.txt
	@$(UV_COMPILE) requirements-node.in -o requirements-node.txt
	@npm install --package-lock-only --loglevel=error
