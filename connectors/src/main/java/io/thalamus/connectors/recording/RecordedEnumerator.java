/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.flink.util.function.SupplierWithException;

/**
 * Finds the recordings once and deals them out to the readers in turn, each to one. Who reads a
 * recording makes no difference to what is read from it.
 */
final class RecordedEnumerator implements SplitEnumerator<RecordingSplit, UnassignedRecordings> {
    private final SplitEnumeratorContext<RecordingSplit> context;
    private final SupplierWithException<List<RecordingSplit>, Exception> search;
    private final List<RecordingSplit> restored;
    private final Map<Integer, List<RecordingSplit>> unassigned = new TreeMap<>();
    private boolean found;

    RecordedEnumerator(
            SplitEnumeratorContext<RecordingSplit> context,
            SupplierWithException<List<RecordingSplit>, Exception> search,
            UnassignedRecordings checkpoint) {
        this.context = context;
        this.search = search;
        this.found = checkpoint.found();
        this.restored = checkpoint.splits();
    }

    @Override
    public void start() {
        if (found) {
            deal(restored);
        } else {
            context.callAsync(search::get, this::found);
        }
    }

    private void found(List<RecordingSplit> splits, Throwable failure) {
        if (failure instanceof InvalidInputException invalid) {
            throw invalid;
        }
        if (failure != null) {
            throw new FlinkRuntimeException("the recordings could not be listed", failure);
        }
        deal(splits);
        found = true;
        context.registeredReaders().keySet().forEach(this::addReader);
    }

    private void deal(List<RecordingSplit> splits) {
        for (int i = 0; i < splits.size(); i++) {
            waitingFor(i % context.currentParallelism()).add(splits.get(i));
        }
    }

    private List<RecordingSplit> waitingFor(int reader) {
        return unassigned.computeIfAbsent(reader, key -> new ArrayList<>());
    }

    @Override
    public void addReader(int reader) {
        if (!found) {
            return;
        }
        for (RecordingSplit split : waitingFor(reader)) {
            context.assignSplit(split, reader);
        }
        unassigned.remove(reader);
        context.signalNoMoreSplits(reader);
    }

    @Override
    public void addSplitsBack(List<RecordingSplit> splits, int reader) {
        waitingFor(reader).addAll(splits);
        if (context.registeredReaders().containsKey(reader)) {
            addReader(reader);
        }
    }

    @Override
    public void handleSplitRequest(int reader, String host) {
        // Recordings are dealt out, never asked for.
    }

    @Override
    public UnassignedRecordings snapshotState(long checkpointId) {
        return new UnassignedRecordings(
                found, unassigned.values().stream().flatMap(List::stream).toList());
    }

    @Override
    public void close() {}
}
