/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What returns a stream to what it knew when it was good. */
class GuardsTest {

    @Test
    void oneClassForLongIsACollapse() {
        CollapseMonitor monitor = new CollapseMonitor(1 / 128.0, 0.5);
        double[] average = monitor.start(10);
        assertThat(monitor.collapsed(average)).isFalse();
        double[] sure = new double[10];
        sure[3] = 1;
        int windows = 0;
        while (!monitor.collapsed(average)) {
            average = monitor.after(average, sure);
            windows++;
        }
        // the other nine share s in all; their entropy and that of s is half of ln 10 at s = 0.2625
        assertThat(windows)
                .isEqualTo((int) Math.ceil(Math.log(0.2625 / 0.9) / Math.log1p(-1 / 128.0)));
        assertThat(average).satisfies(a -> assertThat(sum(a)).isCloseTo(1, within(1e-12)));
    }

    @Test
    void classesInTurnAreNone() {
        CollapseMonitor monitor = new CollapseMonitor(1 / 128.0, 0.5);
        double[] average = monitor.start(4);
        for (int window = 0; window < 1000; window++) {
            double[] sure = new double[4];
            sure[window % 4] = 1;
            average = monitor.after(average, sure);
            assertThat(monitor.collapsed(average)).isFalse();
        }
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    @Test
    void aHarderWorldIsNoHarmButAWorseModelIs() {
        ShadowScore shadow = new ShadowScore(10, 0.2, 1.1, 0, 3);
        assertThat(shadow.compares(30)).isTrue();
        assertThat(shadow.compares(31)).isFalse();
        ShadowScore.Tally tally = ShadowScore.Tally.none();
        for (double error : new double[] {1, 5, 9}) {
            tally = shadow.after(tally, error, error);
            assertThat(tally.isGood()).isTrue();
        }
        tally = shadow.after(tally, 40, 9);
        assertThat(tally.isGood()).isFalse();
        tally = shadow.after(tally, 40, 9);
        assertThat(shadow.rollsBack(tally)).isFalse();
        tally = shadow.after(tally, 40, 9);
        assertThat(shadow.rollsBack(tally)).isTrue();
    }

    /** Within the margin a stream goes on, but has nothing to go back to. */
    @Test
    void whatIsALittleWorseIsBorneButNotGood() {
        ShadowScore shadow = new ShadowScore(1, 1, 1.1, 0.5, 1);
        ShadowScore.Tally tally = shadow.after(ShadowScore.Tally.none(), 10.6, 10);
        assertThat(shadow.rollsBack(tally)).isFalse();
        assertThat(tally.isGood()).isFalse();
        assertThat(shadow.after(tally, 10, 10).isGood()).isTrue();
    }

    @Test
    void strictlyWhateverIsWorseCounts() {
        ShadowScore strict = new ShadowScore(1, 1, 1.1, 0.5, 1).strict();
        assertThat(strict.rollsBack(strict.after(ShadowScore.Tally.none(), 10.1, 10))).isTrue();
        assertThat(strict.rollsBack(strict.after(ShadowScore.Tally.none(), 10, 10))).isFalse();
    }

    @Test
    void oneBetterWindowStartsThePatienceAnew() {
        ShadowScore shadow = new ShadowScore(1, 1, 1, 0, 2);
        ShadowScore.Tally tally = shadow.after(ShadowScore.Tally.none(), 2, 1);
        tally = shadow.after(tally, 1, 2);
        tally = shadow.after(tally, 2, 1);
        assertThat(shadow.rollsBack(tally)).isFalse();
    }

    @Test
    void theLastGoodStatesAreKept() {
        Snapshots snapshots = Snapshots.none();
        assertThat(snapshots.rollBack()).isEqualTo(FastWeights.none());
        for (int i = 1; i <= 4; i++) {
            FastWeights weights = new FastWeights(i, Map.of());
            snapshots = snapshots.with(new Snapshots.Snapshot(10 * i, weights), 3);
        }
        assertThat(snapshots.kept())
                .extracting(Snapshots.Snapshot::timeNanos)
                .containsExactly(20L, 30L, 40L);
        assertThat(snapshots.rollBack().updates()).isEqualTo(4);
        assertThat(snapshots.withoutLast().rollBack().updates()).isEqualTo(3);
        assertThat(Snapshots.none().withoutLast()).isEqualTo(Snapshots.none());
    }

    @Test
    void theLeashKeepsADifferenceWithinItsCap() {
        float[] source = {3, 4};
        float[] delta = {6, 8};
        Leash leash = new Leash(0.5, 0.1);
        leash.pull(delta);
        assertThat(delta).containsExactly(3, 4);
        leash.cap(delta, source);
        assertThat(Leash.norm(delta)).isCloseTo(0.5, within(1e-6));
        leash.cap(delta, source);
        assertThat(Leash.norm(delta)).isCloseTo(0.5, within(1e-6));
    }
}
