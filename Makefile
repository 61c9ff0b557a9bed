SHELL := /bin/bash
BIN := template/tools/bin
GEN_TOOLS := $(addprefix $(BIN)/,goctl protoc-gen-go protoc-gen-go-grpc)
LINT := $(BIN)/golangci-lint
SECRETS := $(BIN)/gitleaks

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z][a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 20

# ---- tools and generated code ----

.PHONY: tools
tools: $(GEN_TOOLS) $(LINT) $(SECRETS) ## build the pinned tools into template/tools/bin

# The paths and versions are those of template/tools/go.mod, read with sed since
# go list would fetch all that golangci-lint needs to build a small one. touch: go build leaves a
# binary alone that has not changed, and make would build it each time.
$(BIN)/%: template/tools/go.mod
	cd template/tools && go build -o bin/ "$$(sed -n 's|^\t\([^ ]*/$*\(/v[0-9]*\)\{0,1\}\)$$|\1|p' go.mod)" && touch bin/$*

.PHONY: gen
gen: $(GEN_TOOLS) ## regenerate what comes from .api and .proto files
	template/gen.sh

.PHONY: lint
lint: $(LINT) $(SECRETS) ## run the linters, and look for secrets that are to be committed
	$(LINT) run ./...
	template/tools/secrets.sh

# ---- tests ----

# For example TESTFLAGS='-run TestTokens'. The time is for small machines. What
# is in test/ starts up to 26 processes at once under the race detector: each
# package there has the machine to itself, or servers would be late for nothing
# but the load.
TESTFLAGS ?=
GO_TEST = go test -race -shuffle=on -timeout 30m $(TESTFLAGS)

.PHONY: test
test: $(GEN_TOOLS) ## run all tests; installs MariaDB, Redis, protoc and ffmpeg if it can
	test/deps.sh
	$(GO_TEST) $$(go list ./... | grep -v /test/)
	FUZZTIME=$(FUZZTIME) test/fuzz.sh
	$(GO_TEST) -p 1 ./test/...

# FUZZTIME is how long each fuzz target runs: FUZZTIME=10m for a night.
FUZZTIME ?= 10s

.PHONY: fuzz
fuzz: ## run the fuzz targets, each for FUZZTIME
	FUZZTIME=$(FUZZTIME) test/fuzz.sh

.PHONY: test-quick
test-quick: ## run the tests that need nothing installed
	go test -short -shuffle=on $(TESTFLAGS) ./...

# Each benchmark fills conversations of up to 1,000,000 messages first, on
# SQLite and on MariaDB: some minutes and 3 GB of temporary files in all.
# BENCHTIME is how long each call is repeated, BENCH which are.
BENCH ?= .
BENCHTIME ?= 1s

.PHONY: bench
bench: ## measure what conversations cost; see docs/performance.md
	go test -run xxx -bench '$(BENCH)' -benchtime $(BENCHTIME) -timeout 60m ./tudoIM_chat/chat_rpc/internal/logic

# ---- run ----

.PHONY: run
run: ## run the whole suite in one process, on 127.0.0.1:8080
	go run main.go

.PHONY: db
db: ## create or upgrade all tables
	go run main.go -db
