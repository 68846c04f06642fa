/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CodeGuardTest {
    private static final int CODES = 16;
    private static final int TOKENS = 8;
    private static final SignalFrame WINDOW = TestStream.of("s").frame(0, 4);

    private final List<Map<String, float[]>> seen = new ArrayList<>();
    private FastWeights known = FastWeights.none();

    /** Learns something of every window. */
    private CodeGuard guard(double perplexity) {
        return new CodeGuard(
                (before, window, output, probed) -> {
                    seen.add(before.memory());
                    return Lesson.of(
                            new FastWeights(
                                    before.updates() + 1,
                                    Map.of("w", new float[] {before.updates() + 1}),
                                    Map.of("own", new float[] {1})));
                },
                CODES,
                TOKENS,
                perplexity);
    }

    /** A window whose tokens take turns among so many codes. */
    private static float[] output(int window, int inUse) {
        float[] output = new float[TOKENS + 3];
        for (int i = 0; i < TOKENS; i++) {
            output[i] = (window * TOKENS + i) % inUse;
        }
        return output;
    }

    private List<Incident> incidents(CodeGuard guard, int windows, int inUse) {
        List<Incident> incidents = new ArrayList<>();
        for (int i = 0; i < windows; i++) {
            Lesson lesson = guard.learn(known, WINDOW, output(i, inUse), List.of());
            known = lesson.after();
            incidents.addAll(lesson.incidents());
        }
        return incidents;
    }

    @Test
    void whatIsInUseAsInTrainingIsLeft() {
        assertThat(incidents(guard(8), 2000, 8)).isEmpty();
        assertThat(incidents(guard(8), 2000, 5)).isEmpty();
        assertThat(known.updates()).isEqualTo(4000);
    }

    @Test
    void aCollapseToFewCodesGoesBackToTheBundle() {
        CodeGuard guard = guard(8);
        incidents(guard, 500, 8);
        FastWeights before = known;
        List<Incident> incidents = new ArrayList<>();
        int windows = 0;
        while (incidents.isEmpty() && windows < 1000) {
            incidents.addAll(incidents(guard, 1, 3));
            windows++;
        }
        assertThat(incidents)
                .singleElement()
                .satisfies(
                        incident -> {
                            assertThat(incident.kind()).isEqualTo(Incident.Kind.RESET);
                            assertThat(incident.reason()).isEqualTo("few codes are in use");
                            assertThat(incident.value()).isCloseTo(4, within(0.05));
                        });
        assertThat(windows).isBetween(50, 500);
        assertThat(before.deltas()).isNotEmpty();
        assertThat(known.deltas()).isEmpty();
        assertThat(known.memory()).containsOnlyKeys("codes.usage", "codes.own");

        // Learning was what had gone wrong: the bundle's network has codes enough.
        assertThat(incidents(guard, 128, 8)).isEmpty();
        assertThat(known.updates()).isZero();
        assertThat(incidents(guard, 500, 8)).isEmpty();
        assertThat(known.updates()).isEqualTo(500);
        assertThat(known.memory()).containsOnlyKeys("own", "codes.usage");
        assertThat(incidents(guard, 1000, 3)).hasSize(1);
    }

    /** However long it lasts. */
    @Test
    void aSignalWithFewCodesIsGivenUpOnce() {
        CodeGuard guard = guard(8);
        incidents(guard, 500, 8);
        assertThat(incidents(guard, 5000, 3)).hasSize(1);
        assertThat(known.updates()).as("learns on").isGreaterThan(4000);
        assertThat(incidents(guard, 5000, 1)).as("fewer than the signal has").hasSize(1);
        assertThat(known.updates()).isGreaterThan(4000);
        incidents(guard, 1000, 8);
        assertThat(incidents(guard, 1000, 3)).as("has had codes enough").hasSize(1);
    }

    @Test
    void windowsWithMissingValuesDoNotCountForTheBundleEither() {
        CodeGuard guard = guard(8);
        incidents(guard, 500, 8);
        while (!known.deltas().isEmpty()) {
            incidents(guard, 1, 3);
        }
        float[] missing = WINDOW.samples().clone();
        missing[0] = Float.NaN;
        for (int i = 0; i < 200; i++) {
            known =
                    guard.learn(known, WINDOW.withSamples(missing, 0), output(i, 16), List.of())
                            .after();
        }
        incidents(guard, 127, 3);
        assertThat(known.updates()).isZero();
        assertThat(known.memory().get("codes.own")[0]).isEqualTo(127);
        incidents(guard, 1, 3);
        assertThat(known.memory().get("codes.own")[1]).isCloseTo(3, within(0.01f));
    }

    @Test
    void windowsWithMissingValuesDoNotCount() {
        CodeGuard guard = guard(8);
        incidents(guard, 50, 8);
        float[] usage = known.memory().get("codes.usage");
        float[] missing = WINDOW.samples().clone();
        missing[0] = Float.NaN;
        SignalFrame window = WINDOW.withSamples(missing, 0);
        assertThat(guard.learn(known, window, output(0, 1), List.of()).after().memory())
                .containsEntry("codes.usage", usage);
    }

    /** Its memory is not the rule's, and outlives a window that teaches nothing. */
    @Test
    void theRuleDoesNotSeeIt() {
        incidents(guard(8), 3, 8);
        assertThat(seen.get(0)).isEmpty();
        assertThat(seen.get(2)).containsOnlyKeys("own");
        assertThat(known.memory()).containsOnlyKeys("own", "codes.usage");
    }

    /** However few windows there are. */
    @Test
    void usageIsMeasuredAsItIsWatched() {
        for (int windows : new int[] {2, 40, 3000}) {
            CodeGuard.Usage usage = new CodeGuard.Usage(CODES, TOKENS);
            for (int i = 0; i < windows; i++) {
                usage.add(output(i, 8));
            }
            assertThat(usage.perplexity()).isCloseTo(8, within(1e-9));
        }
    }
}
