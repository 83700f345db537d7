#!/usr/bin/env bash
# Make a base image from Debian's packages where no image registry can be reached. Needs root, debootstrap and docker.
#   bash docker/base.sh rounds-base
set -euo pipefail
NAME=${1:-rounds-base}
FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
say() { printf 'Rounds: %s\n' "$*" >&2; }

command -v debootstrap >/dev/null || { say "debootstrap is missing. Install it: apt-get install debootstrap"; exit 1; }
say "1/2 Debian bookworm by debootstrap (about a minute)"
debootstrap --variant=minbase --include=ca-certificates bookworm "$FOLDER/root" >"$FOLDER/log" 2>&1 \
  || { tail -5 "$FOLDER/log" >&2; exit 1; }
# A hospital's own certificate authority counts inside too.
cp /etc/ssl/certs/ca-certificates.crt "$FOLDER/root/etc/ssl/certs/ca-certificates.crt"
say "2/2 image $NAME"
tar --create --directory "$FOLDER/root" . | docker import \
  --change 'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt PIP_CERT=/etc/ssl/certs/ca-certificates.crt NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' \
  - "$NAME" >/dev/null
say "ready: --build-arg BASE=$NAME"
