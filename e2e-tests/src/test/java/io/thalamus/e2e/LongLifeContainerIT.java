/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.Await;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs come and go on one cluster, whose processes stay as they are. */
@ContainerTest
class LongLifeContainerIT {
    private static final int SUBMISSIONS = 50;
    private static final long MEGABYTE = 1 << 20;

    /**
     * The class loaders of ended jobs that a task manager may still hold: one of each job that is
     * not given back, some 20 MB of metaspace, soon goes beyond. Two or three are held for a while
     * whatever happens.
     */
    private static final long CLASS_LOADERS = 4;

    /**
     * What a third of the submissions may leave behind in both task managers together. Not nothing:
     * a thread that has computed leaves some native memory behind, see docs/reliability.md.
     */
    private static final long RESIDENT_BYTES = SUBMISSIONS / 3 * 2 * 3 * MEGABYTE;

    /** Fifty days of hourly samples a second: results soon, and time left for what comes next. */
    private static final String PACE = "source.speed=4320000";

    @RegisterExtension static final ContainerCluster CLUSTER = ContainerCluster.forLong();

    static List<Preset> presets() {
        return Preset.chosen(Preset.FORECAST);
    }

    @ParameterizedTest
    @MethodSource("presets")
    void fiftySubmissionsLeaveTheClusterAsItWas(Preset preset) throws Exception {
        PresetRun run = PresetRun.looped(CLUSTER, preset, "resubmitted", PACE);
        List<Double> used = new ArrayList<>();
        for (int submission = 0; submission < SUBMISSIONS; submission++) {
            run.start(ContainerCluster.SLOTS, "");
            run.awaitResults();
            if (submission == 0) {
                assertThat(CLUSTER.jobClassLoaders())
                        .as("of a job that runs")
                        .allMatch(held -> held > 0);
            }
            CLUSTER.rest().cancel(run.job());
            CLUSTER.awaitAllSlots();
            used.add(CLUSTER.total(FixedContainer::residentBytes));
        }
        System.out.printf(
                "%s: of the thirds, %.1f, %.1f and %.1f MB%n",
                preset,
                median(used, 0) / MEGABYTE,
                median(used, 1) / MEGABYTE,
                median(used, 2) / MEGABYTE);

        assertThat(CLUSTER.logs()).doesNotContain("UnsatisfiedLinkError", "OutOfMemoryError");
        // What has a finaliser goes with the collection behind the one that found it.
        Await.until(
                "no more than %d class loaders are left".formatted(CLASS_LOADERS),
                () -> CLUSTER.jobClassLoaders().stream().allMatch(left -> left <= CLASS_LOADERS));
        assertThat(median(used, 2)).isLessThan(median(used, 1) + RESIDENT_BYTES);
    }

    /**
     * That of one of the thirds, 0 to 2: memory goes up and down by the classes of some starts,
     * which are unloaded when there are enough of them.
     */
    private static double median(List<Double> values, int third) {
        return Median.of(
                values.subList(values.size() * third / 3, values.size() * (third + 1) / 3).stream()
                        .mapToDouble(Double::doubleValue));
    }
}
