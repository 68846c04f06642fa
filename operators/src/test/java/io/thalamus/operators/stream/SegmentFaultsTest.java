/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.amplitude.GapFill;
import io.thalamus.operators.signal.amplitude.SampleChecks;
import io.thalamus.operators.testing.FaultyLink;
import io.thalamus.operators.testing.FaultyLink.Fault;
import io.thalamus.operators.testing.FaultyLink.Sample;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;

/** What an unreliable link does to a stream comes out as the policy says, and is counted. */
class SegmentFaultsTest {
    private static final long JITTER = 5_000_000;

    @Property(tries = 200)
    void eachFaultAlone(
            @ForAll Fault fault, @ForAll("policies") OrderPolicy policy, @ForAll long seed)
            throws Exception {
        check(new FaultyLink(seed, policy, 0, 0).send(List.of(fault)), policy, 3);
    }

    @Property(tries = 300)
    void anyMixture(
            @ForAll @Size(max = 12) List<Fault> faults,
            @ForAll("policies") OrderPolicy policy,
            @ForAll @IntRange(min = -50, max = 50) int driftPpm,
            @ForAll @IntRange(max = 100) int restoreBefore,
            @ForAll long seed)
            throws Exception {
        check(new FaultyLink(seed, policy, driftPpm, JITTER).send(faults), policy, restoreBefore);
    }

    @Provide
    Arbitrary<OrderPolicy> policies() {
        OrderPolicy quiet = OrderPolicy.DEFAULT.withDrift(new OrderPolicy.Drift(1000, false));
        Arbitrary<OrderPolicy> gaps =
                Arbitraries.oneOf(
                        Arbitraries.just(quiet),
                        Combinators.combine(
                                        Arbitraries.of(GapFill.Method.class),
                                        Arbitraries.integers().between(1, 60))
                                .as(
                                        (method, limit) ->
                                                quiet.withFill(
                                                        new GapFill(
                                                                method, Span.ofSamples(limit)))));
        Arbitrary<OrderPolicy.Jump> jumps =
                Arbitraries.of(OrderPolicy.Jump.SPLIT, OrderPolicy.Jump.KEEP, OrderPolicy.Jump.GAP);
        Arbitrary<SampleChecks> checks =
                Combinators.combine(
                                Arbitraries.integers().between(0, 3),
                                Arbitraries.integers().between(1, 5),
                                Arbitraries.of(true, false))
                        .as(SegmentFaultsTest::checks);
        return Combinators.combine(gaps, jumps, checks, Arbitraries.integers().between(0, 30))
                .as(
                        (policy, jump, looked, reorder) ->
                                policy.withJump(jump, OrderPolicy.TOLERANCE)
                                        .withChecks(looked)
                                        .withReorder(reorder));
    }

    /** Neither, either or both checks. */
    private static SampleChecks checks(int which, int samples, boolean remove) {
        return new SampleChecks(
                which % 2 == 0 ? null : new SampleChecks.Saturation(-100, 100, samples, remove),
                which < 2
                        ? null
                        : new SampleChecks.FlatLine(Span.ofSamples(samples + 1), 0, remove));
    }

    private static void check(FaultyLink link, OrderPolicy policy, int restoreBefore)
            throws Exception {
        SegmentFunction first = new SegmentFunction("order", policy);
        SegmentFunction second = new SegmentFunction("order", policy);
        List<SignalFrame> arrivals = link.arrivals();
        int split = Math.min(restoreBefore, arrivals.size());
        List<SignalFrame> out = new ArrayList<>();
        OperatorSubtaskState state;
        List<StepHarness> parts = new ArrayList<>();
        try (StepHarness before = StepHarness.of(first)) {
            before.send(arrivals.subList(0, split));
            state = before.snapshot();
            out.addAll(before.output());
            parts.add(before);
        }
        try (StepHarness after = StepHarness.restored(second, state)) {
            after.send(arrivals.subList(split, arrivals.size()));
            after.end();
            out.addAll(after.output());
            parts.add(after);
        }
        List<Sample> samples = samplesOf(out);
        for (int i = 0; i < Math.min(samples.size(), link.expected().size()); i++) {
            assertThat(samples.get(i)).as("sample %d", i).isEqualTo(link.expected().get(i));
        }
        assertThat(samples).hasSameSizeAs(link.expected());
        for (String fault : StreamMetrics.ORDER_FAULTS) {
            long counted = parts.stream().mapToLong(part -> part.counter(fault)).sum();
            assertThat(counted).as(fault).isEqualTo(link.count(fault));
        }
        assertThat(parts.stream().mapToLong(part -> part.counter(StreamMetrics.SAMPLES)).sum())
                .isEqualTo(link.count(StreamMetrics.SAMPLES));
    }

    private static List<Sample> samplesOf(List<SignalFrame> frames) {
        List<Sample> samples = new ArrayList<>();
        for (SignalFrame frame : frames) {
            for (int n = 0; n < frame.length(); n++) {
                List<Float> values = new ArrayList<>();
                for (int channel = 0; channel < frame.channels().size(); channel++) {
                    values.add(frame.sample(channel, n));
                }
                samples.add(
                        new Sample(
                                frame.segment(),
                                frame.sequence() + n,
                                frame.startNanos() + frame.rate().nanosOf(n),
                                frame.channels(),
                                values));
            }
        }
        return samples;
    }
}
