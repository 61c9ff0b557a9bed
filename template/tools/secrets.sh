#!/usr/bin/env bash
# Fails if there is a secret in what is, or is about to be, committed. First it
# shows that it would find one.
set -euo pipefail
cd "$(dirname "$0")/../.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

scan() { # folder
	(cd "$1" && "$OLDPWD/template/tools/bin/gitleaks" dir . --config "$OLDPWD/template/tools/gitleaks.toml" \
		--no-banner --redact=75 --verbose --exit-code 3)
}

# In a file of a kind that is there, and in one in which an exception holds.
token=ghp_$(head -c 60 /dev/urandom | base64 | tr -dc 'a-zA-Z0-9' | head -c 36)
for file in tudoIM_gateway/etc/gateway.yaml test/suite/s3.go; do
	mkdir -p "$dir/planted/$(dirname "$file")"
	echo "token: $token" >"$dir/planted/$file"
	code=0
	scan "$dir/planted" >"$dir/said" 2>&1 || code=$?
	rm "$dir/planted/$file"
	if ((code != 3)); then
		echo "a planted secret in $file is not found ($code):" >&2
		cat "$dir/said" >&2
		exit 1
	fi
done

mkdir "$dir/tree"
git ls-files -z --cached --others --exclude-standard |
	while IFS= read -r -d '' file; do
		[[ ! -f $file ]] || printf '%s\0' "$file" # not one that is being deleted
	done |
	tar --null -c -T - | tar -x -C "$dir/tree"
scan "$dir/tree"
