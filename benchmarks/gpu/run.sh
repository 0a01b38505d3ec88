#!/bin/sh
# Runs the benchmark of this folder without anything else: sh run.sh out.json [--minutes 10] [--software] ...
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
case ${1:--} in
-*) out=gpu.json ;;
*) out=$1 && shift ;;
esac
exec "$here/bin/node" "$here/programs/gpu.js" --out "$out" "$@"
