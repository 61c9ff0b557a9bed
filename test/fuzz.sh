#!/usr/bin/env bash
# Runs every fuzz target of the module, one after the other, each for FUZZTIME
# (10s). An input that fails is kept in the package's testdata/fuzz, to be
# committed with the fix; what else is found is in Go's own cache.
set -euo pipefail
cd "$(dirname "$0")/.."

targets=$(go list -f '{{range .TestGoFiles}}{{$.ImportPath}} {{$.Dir}}/{{.}}{{"\n"}}{{end}}{{range .XTestGoFiles}}{{$.ImportPath}} {{$.Dir}}/{{.}}{{"\n"}}{{end}}' ./... |
	while read -r package file; do
		[[ -z $file ]] || sed -n "s|^func \(Fuzz[A-Za-z0-9_]*\)(.*|$package \1|p" "$file"
	done)
if [[ -z $targets ]]; then
	echo "no fuzz target is found" >&2
	exit 1
fi
while read -r package target; do
	echo "$package $target"
	go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-10s}" -parallel 2 "$package"
done <<<"$targets"
