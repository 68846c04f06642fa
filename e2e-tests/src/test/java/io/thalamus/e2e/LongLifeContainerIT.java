/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs come and go on one cluster, whose processes stay as they are. */
@ContainerTest
class LongLifeContainerIT {
    private static final int SUBMISSIONS = 50;
    private static final long MEGABYTE = 1 << 20;

    /** A class loader that is not given back holds some 20 MB of metaspace for each submission. */
    private static final long METASPACE_BYTES = 24 * MEGABYTE;

    /**
     * What a third of the submissions may leave behind in both task managers together. Not nothing:
     * a thread that has computed leaves some native memory behind, see docs/reliability.md.
     */
    private static final long RESIDENT_BYTES = SUBMISSIONS / 3 * 2 * 3 * MEGABYTE;

    @RegisterExtension static final ContainerCluster CLUSTER = new ContainerCluster();

    static List<Preset> presets() {
        return Preset.chosen(Preset.FORECAST);
    }

    @ParameterizedTest
    @MethodSource("presets")
    void fiftySubmissionsLeaveTheClusterAsItWas(Preset preset) throws Exception {
        PresetRun run = PresetRun.looped(CLUSTER, preset, "resubmitted");
        List<Long> resident = new ArrayList<>();
        List<List<Long>> metaspace = new ArrayList<>();
        for (int submission = 0; submission < SUBMISSIONS; submission++) {
            run.start(ContainerCluster.SLOTS, "");
            run.awaitResults();
            CLUSTER.rest().cancel(run.job());
            CLUSTER.awaitAllSlots();
            resident.add(CLUSTER.residentBytes());
            metaspace.add(CLUSTER.metaspaceBytes());
        }
        System.out.println(preset + ": resident " + resident + ", metaspace " + metaspace);

        assertThat(CLUSTER.logs()).doesNotContain("UnsatisfiedLinkError", "OutOfMemoryError");
        assertThat(least(third(metaspace, 2)))
                .isLessThan(least(third(metaspace, 1)) + METASPACE_BYTES);
        assertThat(Collections.max(third(resident, 2)))
                .isLessThan(Collections.max(third(resident, 1)) + RESIDENT_BYTES);
    }

    /**
     * The least that classes took in each task manager, in all of them together. Classes are
     * unloaded only as the limit comes near, which is not at the same time in all, so that what is
     * left in each then tells.
     */
    private static long least(List<List<Long>> metaspace) {
        return IntStream.range(0, metaspace.get(0).size())
                .mapToLong(
                        manager ->
                                metaspace.stream()
                                        .mapToLong(sizes -> sizes.get(manager))
                                        .min()
                                        .orElseThrow())
                .sum();
    }

    /** One of the thirds, 0 to 2. */
    private static <T> List<T> third(List<T> values, int number) {
        return values.subList(values.size() * number / 3, values.size() * (number + 1) / 3);
    }
}
