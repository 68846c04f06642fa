/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.FlinkRuntimeException;
import org.junit.jupiter.api.Test;

class RecordedEnumeratorTest {
    private static final UnassignedRecordings NOTHING_FOUND =
            new UnassignedRecordings(false, List.of());
    private static final RecordingSplit A = RecordingSplit.whole("/a", "a");
    private static final RecordingSplit B = RecordingSplit.whole("/b", "b");
    private static final RecordingSplit C = RecordingSplit.whole("/c", "c");

    private final Context context = new Context(2);

    @Test
    void recordingsAreDealtOutInTurnOnceTheyAreFound() {
        RecordedEnumerator enumerator = enumerator(NOTHING_FOUND);
        enumerator.start();
        context.register(0);
        enumerator.addReader(0);
        assertThat(context.assigned).isEmpty();
        assertThat(context.complete).isEmpty();

        context.finishSearch();
        assertThat(context.assigned).isEqualTo(Map.of(0, List.of(A, C)));
        assertThat(enumerator.snapshotState(1))
                .isEqualTo(new UnassignedRecordings(true, List.of(B)));

        context.register(1);
        enumerator.addReader(1);
        assertThat(context.assigned).isEqualTo(Map.of(0, List.of(A, C), 1, List.of(B)));
        assertThat(context.complete).containsExactly(0, 1);
        assertThat(enumerator.snapshotState(2))
                .isEqualTo(new UnassignedRecordings(true, List.of()));
    }

    @Test
    void whatAFailedReaderHadGoesToItsSuccessor() {
        RecordedEnumerator enumerator = enumerator(NOTHING_FOUND);
        enumerator.start();
        context.finishSearch();
        context.register(0);
        enumerator.addReader(0);
        context.assigned.clear();
        context.readers.clear();

        enumerator.addSplitsBack(List.of(C), 0);
        assertThat(context.assigned).isEmpty();
        context.register(0);
        enumerator.addReader(0);
        assertThat(context.assigned).isEqualTo(Map.of(0, List.of(C)));
    }

    @Test
    void aRestoredEnumeratorDealsOutWhatIsLeftAndDoesNotSearchAgain() {
        RecordedEnumerator enumerator = enumerator(new UnassignedRecordings(true, List.of(B, C)));
        enumerator.start();
        assertThat(context.search).isNull();

        for (int reader = 0; reader < 2; reader++) {
            context.register(reader);
            enumerator.addReader(reader);
        }
        assertThat(context.assigned).isEqualTo(Map.of(0, List.of(B), 1, List.of(C)));
        assertThat(context.complete).containsExactly(0, 1);
    }

    @Test
    void aFailedSearchStopsTheJob() {
        InvalidInputException invalid = new InvalidInputException("no recording was found");
        RecordedEnumerator wrong =
                new RecordedEnumerator(
                        context,
                        () -> {
                            throw invalid;
                        },
                        NOTHING_FOUND);
        wrong.start();
        assertThatThrownBy(context::finishSearch).isSameAs(invalid);

        RecordedEnumerator broken =
                new RecordedEnumerator(
                        context,
                        () -> {
                            throw new IOException("timeout");
                        },
                        NOTHING_FOUND);
        broken.start();
        assertThatThrownBy(context::finishSearch)
                .isInstanceOf(FlinkRuntimeException.class)
                .hasMessage("the recordings could not be listed")
                .hasRootCauseMessage("timeout");
    }

    private RecordedEnumerator enumerator(UnassignedRecordings checkpoint) {
        return new RecordedEnumerator(context, () -> List.of(A, B, C), checkpoint);
    }

    /** Keeps what an enumerator assigns, and runs its search when it is told to. */
    private static final class Context implements SplitEnumeratorContext<RecordingSplit> {
        private final int parallelism;
        private final Map<Integer, ReaderInfo> readers = new HashMap<>();
        private final Map<Integer, List<RecordingSplit>> assigned = new TreeMap<>();
        private final Set<Integer> complete = new TreeSet<>();
        private Runnable search;

        Context(int parallelism) {
            this.parallelism = parallelism;
        }

        void register(int reader) {
            readers.put(reader, new ReaderInfo(reader, "here"));
        }

        void finishSearch() {
            search.run();
        }

        @Override
        public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
            search =
                    () -> {
                        T result;
                        try {
                            result = callable.call();
                        } catch (Exception e) {
                            handler.accept(null, e);
                            return;
                        }
                        handler.accept(result, null);
                    };
        }

        @Override
        public void assignSplits(SplitsAssignment<RecordingSplit> assignment) {
            assignment
                    .assignment()
                    .forEach(
                            (reader, splits) -> {
                                assertThat(readers).containsKey(reader);
                                assigned.computeIfAbsent(reader, key -> new ArrayList<>())
                                        .addAll(splits);
                            });
        }

        @Override
        public void signalNoMoreSplits(int reader) {
            complete.add(reader);
        }

        @Override
        public int currentParallelism() {
            return parallelism;
        }

        @Override
        public Map<Integer, ReaderInfo> registeredReaders() {
            return readers;
        }

        @Override
        public SplitEnumeratorMetricGroup metricGroup() {
            return UnregisteredMetricsGroup.createSplitEnumeratorMetricGroup();
        }

        @Override
        public void sendEventToSourceReader(int reader, SourceEvent event) {
            throw new AssertionError("readers are sent nothing but splits");
        }

        @Override
        public <T> void callAsync(
                Callable<T> callable,
                BiConsumer<T, Throwable> handler,
                long initialDelay,
                long period) {
            throw new AssertionError("recordings are looked for once");
        }

        @Override
        public void runInCoordinatorThread(Runnable runnable) {
            runnable.run();
        }
    }
}
