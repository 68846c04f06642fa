/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.evaluation.CorruptedStream;
import io.thalamus.jobs.evaluation.ErrorRates;
import io.thalamus.jobs.evaluation.MethodComparison;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How many windows were given the wrong class, by what streams learned while they ran: each window
 * judged once, by what those before it had taught.
 *
 * @param methods in the order that they were asked for
 * @param streams each as it is and as each corruption has left it
 * @param meanErrors in percent, by method, over the corrupted streams, or over those as they are if
 *     nothing was corrupted
 * @param comparisons over the same streams, each method with each of those before it
 */
record AdaptationScores(
        List<String> methods,
        List<StreamErrors> streams,
        Map<String, Double> meanErrors,
        List<MethodComparison> comparisons)
        implements Evaluation.Scores {

    /**
     * Of one stream.
     *
     * @param stream its name, without what was done to it
     * @param corruption such as {@code white-3}, or {@code clean}
     * @param windows with a label
     * @param errors in percent, by method
     */
    record StreamErrors(
            String stream, String corruption, long windows, Map<String, Double> errors) {
        private boolean isClean() {
            return corruption.equals(CorruptedStream.CLEAN);
        }
    }

    /**
     * Sets the methods side by side.
     *
     * @param rates of each method, on the same streams
     */
    static AdaptationScores of(List<String> methods, List<ErrorRates> rates) {
        List<StreamErrors> streams = new ArrayList<>();
        rates.get(0)
                .byStream()
                .forEach((id, first) -> streams.add(errors(id, first.windows(), methods, rates)));
        List<StreamErrors> corrupted = streams.stream().filter(one -> !one.isClean()).toList();
        List<StreamErrors> compared = corrupted.isEmpty() ? streams : corrupted;
        List<double[]> errors = new ArrayList<>();
        for (String method : methods) {
            errors.add(compared.stream().mapToDouble(one -> one.errors().get(method)).toArray());
        }
        return new AdaptationScores(
                methods, streams, means(methods, compared), MethodComparison.all(methods, errors));
    }

    private static StreamErrors errors(
            String id, long windows, List<String> methods, List<ErrorRates> rates) {
        Map<String, Double> errors = new LinkedHashMap<>();
        for (int i = 0; i < methods.size(); i++) {
            errors.put(methods.get(i), rates.get(i).byStream().get(id).percent());
        }
        return new StreamErrors(
                CorruptedStream.original(id), CorruptedStream.suffixOf(id), windows, errors);
    }

    private static Map<String, Double> means(List<String> methods, List<StreamErrors> streams) {
        Map<String, Double> means = new LinkedHashMap<>();
        for (String method : methods) {
            means.put(
                    method,
                    streams.stream()
                            .mapToDouble(one -> one.errors().get(method))
                            .average()
                            .orElseThrow());
        }
        return means;
    }

    @Override
    public String text() {
        List<String> head = new ArrayList<>(List.of("error in %"));
        head.addAll(methods);
        TextTable errors = new TextTable(head.toArray(String[]::new));
        Set<String> corruptions = new LinkedHashSet<>();
        streams.forEach(one -> corruptions.add(one.corruption()));
        for (String corruption : corruptions) {
            add(
                    errors,
                    corruption,
                    means(
                            methods,
                            streams.stream()
                                    .filter(one -> one.corruption().equals(corruption))
                                    .toList()));
        }
        add(errors, corruptions.size() > 1 ? "mean of corrupted" : "mean", meanErrors);
        TextTable pairs =
                new TextTable("difference", "mean", "std. error", "better", "equal", "worse");
        for (MethodComparison pair : comparisons) {
            pairs.add(
                    pair.method() + " - " + pair.other(),
                    "%+.2f".formatted(pair.difference()),
                    "%.2f".formatted(pair.standardError()),
                    "%d".formatted(pair.better()),
                    "%d".formatted(pair.equal()),
                    "%d".formatted(pair.worse()));
        }
        return comparisons.isEmpty() ? errors.toString() : "%s%n%s".formatted(errors, pairs);
    }

    private void add(TextTable table, String name, Map<String, Double> errors) {
        List<String> cells = new ArrayList<>(List.of(name));
        methods.forEach(method -> cells.add("%.2f".formatted(errors.get(method))));
        table.add(cells.toArray(String[]::new));
    }
}
