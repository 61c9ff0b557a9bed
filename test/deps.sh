#!/usr/bin/env bash
# Installs what the tests run on, where it is missing: MariaDB, Redis, protoc
# and ffmpeg. Needs Debian or one of its kin, and root; otherwise it says what
# to install and fails.
set -euo pipefail

missing=()
PATH=$PATH:/usr/sbin
command -v mariadbd >/dev/null && command -v mariadb-install-db >/dev/null || missing+=(mariadb-server)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v protoc >/dev/null || missing+=(protobuf-compiler)
command -v ffmpeg >/dev/null || missing+=(ffmpeg)
if ((${#missing[@]} == 0)); then
	exit 0
fi
if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
	echo "the tests need: apt-get install ${missing[*]}  (make test-quick needs nothing)" >&2
	exit 1
fi
echo "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 # the tests start servers of their own
apt-get update -q
apt-get install -q -y --no-install-recommends "${missing[@]}"
