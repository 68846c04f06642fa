/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.ForecastError;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.flink.api.common.accumulators.Accumulator;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class ForecastScoringTest {
    private static final int LENGTH = 8;
    private static final int HOP = 3;
    private static final int HORIZON = 10;
    private static final int OVER = 3;
    private static final double[] DEVIATION = {2, 0.25};

    /**
     * Two segments of one stream, the second after a gap: {@code [5, 65)} and {@code [70, 100)}.
     */
    private static List<SignalFrame> truth(TestStream stream, int... lengths) {
        List<SignalFrame> frames = new ArrayList<>(stream.frames(5, 65, lengths));
        stream.frames(70, 100, lengths).forEach(frame -> frames.add(frame.withSegment(1)));
        return frames;
    }

    /** What a model that takes no incomplete window makes of {@link #truth}. */
    private static List<Forecast> forecasts(TestStream stream) {
        List<Forecast> forecasts = new ArrayList<>();
        addForecasts(stream, 0, 5, 65, forecasts);
        addForecasts(stream, 1, 70, 100, forecasts);
        return forecasts;
    }

    private static void addForecasts(
            TestStream stream, int segment, long from, long to, List<Forecast> forecasts) {
        for (long start = from; start + LENGTH <= to; start += HOP) {
            SignalFrame window = stream.frame(start, LENGTH);
            boolean complete = true;
            for (float value : window.samples()) {
                complete &= Float.isFinite(value);
            }
            if (complete) {
                float[] values = new float[2 * HORIZON];
                for (int i = 0; i < values.length; i++) {
                    values[i] = window.samples()[i % LENGTH] + 0.1f * i;
                }
                forecasts.add(
                        new Forecast(
                                stream.id(),
                                window.nextSequence(),
                                segment,
                                window.endNanos(),
                                window.rate(),
                                window.channels(),
                                values,
                                "m"));
            }
        }
    }

    /** The accuracy by its definition. */
    private static ForecastAccuracy expected(TestStream... streams) {
        long windows = 0;
        double[] squared = new double[HORIZON];
        double[] count = new double[HORIZON];
        double absolute = 0;
        double squaredData = 0;
        double absoluteData = 0;
        for (TestStream stream : streams) {
            for (Forecast forecast : forecasts(stream)) {
                long last = forecast.sequence() + HORIZON;
                if (last > (forecast.segment() == 0 ? 65 : 100)) {
                    continue;
                }
                windows++;
                for (int i = 0; i < forecast.values().length; i++) {
                    int channel = i / HORIZON;
                    int step = i % HORIZON;
                    float came = stream.value(channel, forecast.sequence() + step);
                    if (Float.isNaN(came)) {
                        continue;
                    }
                    double error = (double) forecast.values()[i] - came;
                    squared[step] += error * error;
                    count[step]++;
                    absolute += Math.abs(error);
                    squaredData += Math.pow(error * DEVIATION[channel], 2);
                    absoluteData += Math.abs(error * DEVIATION[channel]);
                }
            }
        }
        double n = 0;
        double sum = 0;
        List<Double> byStep = new ArrayList<>();
        for (int step = 0; step < HORIZON; step++) {
            n += count[step];
            sum += squared[step];
            byStep.add(squared[step] / count[step]);
        }
        return new ForecastAccuracy(
                windows, sum / n, absolute / n, squaredData / n, absoluteData / n, byStep);
    }

    @Test
    void computesTheErrors() throws Exception {
        for (double missing : new double[] {0, 0.02}) {
            TestStream s = TestStream.of("s").withMissing(missing);
            TestStream t = TestStream.of("t").withMissing(missing);
            List<WireRecord> records = new ArrayList<>(truth(s, 7));
            records.addAll(truth(t, 7));
            records.addAll(forecasts(s));
            records.addAll(forecasts(t));
            ForecastAccuracy accuracy =
                    ForecastAccuracy.of(score(records, records.size())).orElseThrow();
            ForecastAccuracy expected = expected(s, t);
            assertThat(accuracy.windows()).isEqualTo(expected.windows()).isGreaterThan(4);
            assertThat(accuracy.mse()).isCloseTo(expected.mse(), within(1e-12));
            assertThat(accuracy.mae()).isCloseTo(expected.mae(), within(1e-12));
            assertThat(accuracy.mseData()).isCloseTo(expected.mseData(), within(1e-12));
            assertThat(accuracy.maeData()).isCloseTo(expected.maeData(), within(1e-12));
            for (int step = 0; step < HORIZON; step++) {
                assertThat(accuracy.byStep().get(step))
                        .isCloseTo(expected.byStep().get(step), within(1e-12));
            }
        }
    }

    /** Each forecast that can be compared has a record, with the errors of the newest three. */
    @Test
    void tellsTheErrorOfEachForecast() throws Exception {
        TestStream stream = TestStream.of("s").withMissing(0.02);
        List<ForecastError> errors;
        try (Scoring scoring = new Scoring(null)) {
            scoring.send(truth(stream, 7));
            scoring.send(forecasts(stream));
            errors = scoring.errors();
        }
        List<Forecast> compared =
                forecasts(stream).stream()
                        .filter(one -> one.sequence() + HORIZON <= (one.segment() == 0 ? 65 : 100))
                        .toList();
        assertThat(errors).hasSameSizeAs(compared).hasSizeGreaterThan(OVER);
        double[] squared = new double[errors.size()];
        double[] absolute = new double[errors.size()];
        double[] count = new double[errors.size()];
        for (int i = 0; i < errors.size(); i++) {
            Forecast forecast = compared.get(i);
            for (int k = 0; k < forecast.values().length; k++) {
                float came = stream.value(k / HORIZON, forecast.sequence() + k % HORIZON);
                if (!Float.isNaN(came)) {
                    double error = (double) forecast.values()[k] - came;
                    squared[i] += error * error;
                    absolute[i] += Math.abs(error);
                    count[i]++;
                }
            }
            ForecastError error = errors.get(i);
            assertThat(error.streamId()).isEqualTo("s");
            assertThat(error.sequence()).isEqualTo(forecast.sequence());
            assertThat(error.segment()).isEqualTo(forecast.segment());
            assertThat(error.startNanos()).isEqualTo(forecast.startNanos());
            assertThat(error.model()).isEqualTo("m");
            assertThat(error.mse()).isCloseTo(squared[i] / count[i], within(1e-12));
            assertThat(error.mae()).isCloseTo(absolute[i] / count[i], within(1e-12));
            int from = Math.max(0, i + 1 - OVER);
            assertThat(error.forecasts()).isEqualTo(i + 1 - from);
            assertThat(error.rollingMse())
                    .isCloseTo(sum(squared, from, i) / sum(count, from, i), within(1e-12));
            assertThat(error.rollingMae())
                    .isCloseTo(sum(absolute, from, i) / sum(count, from, i), within(1e-12));
        }
    }

    private static double sum(double[] values, int from, int to) {
        return Arrays.stream(values, from, to + 1).sum();
    }

    /** Channels of other names: the model refuses their windows, so no forecast ever comes. */
    @Test
    void keepsNothingOfWhatTheModelDoesNotTake() throws Exception {
        SignalFrame frame = TestStream.of("s").frame(0, 500);
        SignalFrame other =
                new SignalFrame(
                        "s",
                        0,
                        0,
                        frame.startNanos(),
                        frame.rate(),
                        List.of("x", "y"),
                        frame.samples(),
                        0);
        try (Scoring scoring = new Scoring(null)) {
            long empty = scoring.snapshot().getStateSize();
            scoring.send(other);
            assertThat(scoring.snapshot().getStateSize()).isEqualTo(empty);
        }
    }

    /** Whatever comes first, in whatever frames, with a restore on the way: the same bits. */
    @Property(tries = 200)
    void arrivalDoesNotMatter(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 30) Integer> lengths,
            @ForAll @IntRange(max = 60) int restoreBefore,
            @ForAll boolean holes,
            @ForAll long seed)
            throws Exception {
        TestStream stream = TestStream.of("s").withMissing(holes ? 0.03 : 0);
        int[] cut = lengths.stream().mapToInt(Integer::intValue).toArray();
        List<WireRecord> inOrder = new ArrayList<>(truth(stream, 1));
        inOrder.addAll(forecasts(stream));
        List<ForecastError> expectedErrors = new ArrayList<>();
        Map<String, ForecastTotals> expected = score(inOrder, inOrder.size(), expectedErrors);
        List<WireRecord> mixed = mix(truth(stream, cut), forecasts(stream), new Random(seed));
        List<ForecastError> errors = new ArrayList<>();
        Map<String, ForecastTotals> totals = score(mixed, restoreBefore, errors);
        assertThat(totals).usingRecursiveComparison().isEqualTo(expected);
        assertThat(errors).isEqualTo(expectedErrors);
    }

    /** A random merge of two inputs, each in its order. */
    private static List<WireRecord> mix(
            List<SignalFrame> frames, List<Forecast> forecasts, Random random) {
        List<Boolean> turns = new ArrayList<>(Collections.nCopies(frames.size(), true));
        turns.addAll(Collections.nCopies(forecasts.size(), false));
        Collections.shuffle(turns, random);
        var frame = frames.iterator();
        var forecast = forecasts.iterator();
        List<WireRecord> mixed = new ArrayList<>();
        turns.forEach(turn -> mixed.add(turn ? frame.next() : forecast.next()));
        return mixed;
    }

    /** One value too few for a window, again and again: no forecast comes, so nothing is kept. */
    @Test
    void keepsNoMoreThanForecastsCanNeed() throws Exception {
        TestStream stream = TestStream.of("s");
        try (Scoring scoring = new Scoring(null)) {
            scoring.send(stream.frame(0, LENGTH + 1));
            scoring.send(forecast(stream, LENGTH));
            long early = 0;
            for (int i = 0; i < 500; i++) {
                SignalFrame frame = stream.frame(LENGTH + 1 + (long) LENGTH * i, LENGTH);
                float[] samples = frame.samples().clone();
                samples[0] = Float.NaN;
                scoring.send(frame.withSamples(samples, 1));
                early = i == 20 ? scoring.snapshot().getStateSize() : early;
            }
            assertThat(scoring.snapshot().getStateSize()).isEqualTo(early);
        }
    }

    private static Forecast forecast(TestStream stream, long sequence) {
        SignalFrame at = stream.frame(sequence, 1);
        return new Forecast(
                stream.id(),
                sequence,
                0,
                at.startNanos(),
                at.rate(),
                at.channels(),
                new float[2 * HORIZON],
                "m");
    }

    @Test
    void reportsTotalsThatWereRestoredAfterTheEnd() throws Exception {
        TestStream s = TestStream.of("s");
        OperatorSubtaskState state;
        Map<String, ForecastTotals> first;
        try (Scoring scoring = new Scoring(null)) {
            scoring.send(truth(s, 7));
            scoring.send(forecasts(s));
            scoring.end();
            state = scoring.snapshot();
            first = scoring.totals();
        }
        try (Scoring scoring = new Scoring(state)) {
            assertThat(scoring.totals()).isEmpty();
            scoring.end();
            assertThat(scoring.totals()).usingRecursiveComparison().isEqualTo(first);
        }
    }

    @Test
    void mergesTasksInTheOrderOfStreams() throws Exception {
        List<TestStream> streams = new ArrayList<>();
        List<WireRecord> records = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            TestStream stream = TestStream.of("s" + i);
            streams.add(stream);
            records.addAll(truth(stream, 7));
            records.addAll(forecasts(stream));
        }
        ForecastTotalsAccumulator left = new ForecastTotalsAccumulator();
        ForecastTotalsAccumulator right = new ForecastTotalsAccumulator();
        score(records, records.size())
                .forEach(
                        (stream, sum) ->
                                (stream.hashCode() % 2 == 0 ? left : right)
                                        .add(Map.of(stream, sum)));
        ForecastTotalsAccumulator oneWay = left.clone();
        oneWay.merge(right);
        ForecastTotalsAccumulator otherWay = right.clone();
        otherWay.merge(left);
        assertThat(ForecastAccuracy.of(oneWay.getLocalValue()))
                .isEqualTo(ForecastAccuracy.of(otherWay.getLocalValue()))
                .isPresent();
        assertThat(left.getLocalValue()).doesNotContainKeys("s0", "s2").isNotEmpty();
    }

    @Test
    void nothingComparedIsNoAccuracy() {
        assertThat(ForecastAccuracy.of(Map.of())).isEmpty();
        assertThat(ForecastAccuracy.of(Map.of("s", ForecastTotals.none(3)))).isEmpty();
    }

    private static Map<String, ForecastTotals> score(List<WireRecord> records, int restoreBefore)
            throws Exception {
        return score(records, restoreBefore, new ArrayList<>());
    }

    private static Map<String, ForecastTotals> score(
            List<WireRecord> records, int restoreBefore, List<ForecastError> errors)
            throws Exception {
        int split = Math.min(restoreBefore, records.size());
        OperatorSubtaskState state;
        try (Scoring scoring = new Scoring(null)) {
            scoring.send(records.subList(0, split));
            state = scoring.snapshot();
            errors.addAll(scoring.errors());
        }
        try (Scoring scoring = new Scoring(state)) {
            scoring.send(records.subList(split, records.size()));
            scoring.end();
            errors.addAll(scoring.errors());
            return scoring.totals();
        }
    }

    /** The operator in Flink's harness. */
    private static final class Scoring implements AutoCloseable {
        private final ForecastScoring operator =
                new ForecastScoring(
                        Slicing.ofSamples(LENGTH, HOP),
                        new ModelSignature(
                                "m",
                                2,
                                List.of("c0", "c1"),
                                LENGTH,
                                HORIZON,
                                false,
                                false,
                                Forecast.class),
                        DEVIATION,
                        OVER);
        private final KeyedTwoInputStreamOperatorTestHarness<
                        String, SignalFrame, Forecast, ForecastError>
                harness;

        Scoring(OperatorSubtaskState state) throws Exception {
            harness =
                    new KeyedTwoInputStreamOperatorTestHarness<>(
                            operator, SignalFrame::streamId, Forecast::streamId, Types.STRING);
            if (state != null) {
                harness.initializeState(state);
            }
            harness.open();
        }

        void send(WireRecord record) throws Exception {
            if (record instanceof SignalFrame frame) {
                harness.processElement1(new StreamRecord<>(frame));
            } else {
                harness.processElement2(new StreamRecord<>((Forecast) record));
            }
        }

        void send(List<? extends WireRecord> records) throws Exception {
            for (WireRecord record : records) {
                send(record);
            }
        }

        List<ForecastError> errors() {
            return harness.extractOutputValues();
        }

        OperatorSubtaskState snapshot() throws Exception {
            return harness.snapshot(1, 1);
        }

        void end() throws Exception {
            harness.endInput1();
            harness.endInput2();
        }

        Map<String, ForecastTotals> totals() {
            Accumulator<Map<String, ForecastTotals>, ?> accumulator =
                    operator.getRuntimeContext().getAccumulator(ForecastScoring.ACCUMULATOR);
            @SuppressWarnings("unchecked")
            Map<String, ForecastTotals> totals =
                    (Map<String, ForecastTotals>) accumulator.getLocalValue();
            return Map.copyOf(totals);
        }

        @Override
        public void close() {
            try {
                harness.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
