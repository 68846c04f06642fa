/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.Padding;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.alignment.Alignment;
import io.thalamus.operators.signal.amplitude.GapFill;
import io.thalamus.operators.signal.rate.Grid;
import io.thalamus.operators.signal.rate.Resample;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;

/** Whatever numbers, times and rates frames come with, no step fails, and segments stay whole. */
class WildFramesTest {
    private static final long START = 1_700_000_000_000_000_000L;
    private static final SampleRate CENTURY = new SampleRate(1, 36_525L * 24 * 3600);

    @Property(tries = 200)
    void segmentsStayWhole(
            @ForAll @Size(min = 1, max = 8) List<@From("frames") SignalFrame> frames,
            @ForAll("policies") OrderPolicy policy)
            throws Exception {
        List<SignalFrame> out = through(new SegmentFunction("order", policy), frames);
        assertWhole(out);
        through(new TransformFunction("rate", new Resample(3, 2)), out);
        Slicing seconds = new Slicing(Span.ofSamples(3), Span.ofSamples(2), Padding.ZEROS);
        through(new SlicingFunction("window", seconds), out);
        Alignment alignment =
                new Alignment(
                        List.of("mic", "far"),
                        SampleRate.ofHertz(8),
                        Alignment.Missing.MARK,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5));
        assertWhole(through(new AlignFunction("align", alignment), out));
    }

    @Property(tries = 200)
    void readingsStayWhole(@ForAll @Size(min = 1, max = 8) List<@From("frames") SignalFrame> frames)
            throws Exception {
        Grid grid = new Grid(SampleRate.ofHertz(8), Grid.Method.LINEAR, Duration.ofSeconds(5));
        assertWhole(through(new GridFunction("grid", 2, grid), frames));
    }

    private static List<SignalFrame> through(
            KeyedProcessFunction<String, SignalFrame, SignalFrame> function,
            List<SignalFrame> frames)
            throws Exception {
        try (StepHarness harness = StepHarness.keyedBy(frame -> "call", function)) {
            harness.send(frames);
            harness.end();
            return harness.output();
        }
    }

    private static void assertWhole(List<SignalFrame> frames) {
        SignalFrame first = null;
        SignalFrame last = null;
        for (SignalFrame frame : frames) {
            if (last == null || frame.segment() != last.segment()) {
                assertThat(frame.segment()).isGreaterThan(last == null ? -1 : last.segment());
                first = frame;
            } else {
                assertThat(frame.sequence()).isEqualTo(last.nextSequence());
                assertThat(frame.rate()).isEqualTo(first.rate());
                assertThat(frame.channels()).isEqualTo(first.channels());
                long samples = frame.sequence() - first.sequence();
                assertThat(frame.startNanos())
                        .isEqualTo(first.startNanos() + first.rate().nanosOf(samples));
            }
            last = frame;
        }
    }

    @Provide
    Arbitrary<SignalFrame> frames() {
        Arbitrary<Long> numbers =
                Arbitraries.oneOf(
                        Arbitraries.longs().between(0, 20),
                        Arbitraries.longs().between(Long.MAX_VALUE - 20, Long.MAX_VALUE),
                        Arbitraries.longs());
        Arbitrary<Long> times =
                Arbitraries.oneOf(
                        Arbitraries.longs().between(0, 20).map(n -> START + n * 125_000_000),
                        Arbitraries.longs().between(Long.MIN_VALUE, Long.MIN_VALUE + 20),
                        Arbitraries.longs().between(Long.MAX_VALUE - 20, Long.MAX_VALUE),
                        Arbitraries.longs());
        Arbitrary<SampleRate> rates =
                Arbitraries.frequency(
                                Tuple.of(8, SampleRate.ofHertz(8)),
                                Tuple.of(1, SampleRate.ofHertz(500_000_000)),
                                Tuple.of(1, CENTURY))
                        .map(rate -> rate);
        return Combinators.combine(numbers, times, rates, Arbitraries.integers().between(1, 5))
                .as(
                        (number, time, rate, length) ->
                                new SignalFrame(
                                        "call.mic",
                                        number,
                                        0,
                                        time,
                                        rate,
                                        List.of("x"),
                                        TestStream.of("s")
                                                .withChannels(1)
                                                .frame(0, length)
                                                .samples(),
                                        0));
    }

    @Provide
    Arbitrary<OrderPolicy> policies() {
        Arbitrary<OrderPolicy> gaps =
                Arbitraries.of(
                        OrderPolicy.DEFAULT,
                        OrderPolicy.DEFAULT.withFill(
                                new GapFill(GapFill.Method.LINEAR, Span.ofSamples(40))));
        Arbitrary<OrderPolicy.Jump> jumps =
                Arbitraries.of(OrderPolicy.Jump.SPLIT, OrderPolicy.Jump.KEEP, OrderPolicy.Jump.GAP);
        return Combinators.combine(
                        gaps,
                        jumps,
                        Arbitraries.of(0L, 8L, Long.MAX_VALUE),
                        Arbitraries.of(true, false))
                .as(
                        (policy, jump, reorder, correct) ->
                                policy.withJump(jump, OrderPolicy.TOLERANCE)
                                        .withDrift(new OrderPolicy.Drift(100, correct))
                                        .withReorder(reorder));
    }
}
