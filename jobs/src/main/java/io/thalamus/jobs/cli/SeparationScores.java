/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.evaluation.SeparationScore;
import io.thalamus.jobs.evaluation.SeparationScore.Ratio;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How well speakers were told apart.
 *
 * @param fixed the mean over the mixtures, with one order of the outputs for each
 * @param followed the same, with the order that is best at each time
 * @param swaps how often that order changed
 * @param swapsPerHour of the mixtures
 * @param mixtures one score for each
 */
record SeparationScores(
        Ratio fixed, Ratio followed, int swaps, double swapsPerHour, List<SeparationScore> mixtures)
        implements Evaluation.Scores {
    private static final double HOUR = 3600;

    static SeparationScores of(List<SeparationScore> mixtures) {
        int swaps = mixtures.stream().mapToInt(SeparationScore::swaps).sum();
        double seconds = mixtures.stream().mapToDouble(SeparationScore::seconds).sum();
        return new SeparationScores(
                mean(mixtures.stream().map(SeparationScore::fixed).toList()),
                mean(mixtures.stream().map(SeparationScore::followed).toList()),
                swaps,
                swaps / seconds * HOUR,
                mixtures);
    }

    private static Ratio mean(List<Ratio> ratios) {
        return new Ratio(mean(ratios, Ratio::siSdr), mean(ratios, Ratio::siSdri));
    }

    private static double mean(List<Ratio> ratios, ToDoubleFunction<Ratio> figure) {
        return ratios.stream().mapToDouble(figure).average().orElse(Double.NaN);
    }

    @Override
    public String text() {
        TextTable table = new TextTable("order of the outputs", "SI-SDR dB", "SI-SDRi dB");
        add(table, "one for each mixture", fixed);
        add(table, "the best at each time", followed);
        Lines lines = new Lines();
        lines.add("mixtures", "%,d".formatted(mixtures.size()));
        lines.add("swaps", "%,d, %.1f an hour".formatted(swaps, swapsPerHour));
        long missing = mixtures.stream().mapToLong(SeparationScore::missing).sum();
        if (missing > 0) {
            lines.add("missing", "%,d samples, for which the mixture stands in".formatted(missing));
        }
        return "%s%n%s".formatted(table, lines);
    }

    private static void add(TextTable table, String name, Ratio ratio) {
        table.add(name, "%.2f".formatted(ratio.siSdr()), "%.2f".formatted(ratio.siSdri()));
    }
}
