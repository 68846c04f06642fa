#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Starts the part of Flink that is named, with the configuration that FLINK_PROPERTIES holds.
set -euo pipefail

echo "${FLINK_PROPERTIES:-}" >"$FLINK_HOME/conf/config.yaml"

# Each thread of a job that comes and goes would leave an arena of the C library's own behind; the
# public image has another allocator for that.
export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-1}

# The bounds of the JVM, as Flink's own scripts work them out, are sums of what the configuration says.
case $1 in
jobmanager)
    class=org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint
    ;;
taskmanager)
    class=org.apache.flink.runtime.taskexecutor.TaskManagerRunner
    ;;
*)
    exec "$@"
    ;;
esac
# shellcheck disable=SC2086 # JVM_ARGS holds several options.
exec "$FLINK_HOME/bin/flink" --class "$class" ${JVM_ARGS:-} -- --configDir "$FLINK_HOME/conf"
