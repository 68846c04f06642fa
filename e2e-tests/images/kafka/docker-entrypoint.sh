#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Starts a broker whose settings are the variables that begin with KAFKA_: KAFKA_NODE_ID is node.id.
set -euo pipefail

properties=/opt/kafka/server.properties
env | grep '^KAFKA_' | while IFS='=' read -r name value; do
    key=${name#KAFKA_}
    key=${key,,}
    echo "${key//_/.}=$value"
done >"$properties"

kafka() {
    java -Xmx512m -XX:+UseSerialGC -Dlog4j2.configurationFile=/opt/kafka/log4j2.properties \
        -cp '/opt/kafka/lib/*' "$@"
}
kafka kafka.tools.StorageTool format -t "$CLUSTER_ID" -c "$properties" --ignore-formatted
exec java -Xmx512m -XX:+UseSerialGC -Dlog4j2.configurationFile=/opt/kafka/log4j2.properties \
    -cp '/opt/kafka/lib/*' kafka.Kafka "$properties"
