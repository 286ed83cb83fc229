#!/usr/bin/env bash
# Writes .env. See --help.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: deploy/init_env.sh [--local]

Without an option, for docker compose and for any service that other machines reach: makes .env
from .env.template if there is none, writes a random key into API_KEYS and DASHBOARD_API_KEY
where API_KEYS is empty, and names the user the containers run as. Keys that are there stay.

  --local     only copy .env.template: no key. The API then serves this machine alone and needs
              no key for it. start_api.sh and start_dashboard.sh do this.
  --help      show this text
TEXT
}

local_only=false
case ${1-} in
    '') ;;
    --local) local_only=true ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
esac

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
# The file holds keys: nobody but its owner reads it.
umask 077

if [ ! -e .env ]; then
    cp .env.template .env.new
    chmod 600 .env.new
    mv .env.new .env
    echo "Wrote .env from .env.template"
fi
if $local_only; then exit 0; fi

value_of() { sed -n "s/^$1=//p" .env | tail -n 1; }

# Sets the line NAME=…, adding it if there is none. Whole or not at all: .env may be in use.
set_value() {
    if grep -q "^$1=" .env; then
        sed "s/^$1=.*/$1=$2/" .env >.env.new
    else
        { cat .env; printf '%s=%s\n' "$1" "$2"; } >.env.new
    fi
    mv .env.new .env
}

if [ -z "$(value_of API_KEYS)" ]; then
    key=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
    set_value API_KEYS "$key"
    set_value DASHBOARD_API_KEY "$key"
    echo "Wrote a random key into .env (API_KEYS): the API and the dashboard's sign-in ask for it"
fi

# The folders are shared with the containers, so both sides need the same owner; never root.
if [ -z "$(value_of CONTAINER_USER)" ]; then
    owner=$(id -u):$(id -g)
    if [ "$(id -u)" = 0 ]; then
        owner=1000:1000
        chown -R "$owner" incoming generated logs
        echo "Gave incoming/, generated/ and logs/ to user 1000, as which the containers run"
    fi
    set_value CONTAINER_USER "$owner"
fi
