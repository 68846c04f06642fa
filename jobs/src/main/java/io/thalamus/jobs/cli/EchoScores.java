/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.evaluation.EchoScore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How well echoes were taken out.
 *
 * @param scenarios the means of each scenario, over the cases that a figure applies to
 * @param cases one score for each
 */
record EchoScores(List<Scenario> scenarios, List<EchoScore> cases) implements Evaluation.Scores {

    /**
     * The mean of the cases of a scenario; fields as of one case, NaN where they apply to none.
     *
     * @param cases how many there are
     */
    record Scenario(
            String scenario,
            int cases,
            double erle,
            double erleTail,
            EchoScore.Speech output,
            EchoScore.Speech microphone) {

        static Scenario of(String name, List<EchoScore> cases) {
            return new Scenario(
                    name,
                    cases.size(),
                    mean(cases, EchoScore::erle),
                    mean(cases, EchoScore::erleTail),
                    speech(cases.stream().map(EchoScore::output).toList()),
                    speech(cases.stream().map(EchoScore::microphone).toList()));
        }

        private static EchoScore.Speech speech(List<EchoScore.Speech> of) {
            return new EchoScore.Speech(
                    mean(of, EchoScore.Speech::siSdr),
                    mean(of, EchoScore.Speech::stoi),
                    mean(of, EchoScore.Speech::estoi));
        }

        private static <T> double mean(List<T> of, ToDoubleFunction<T> figure) {
            return of.stream()
                    .mapToDouble(figure)
                    .filter(value -> !Double.isNaN(value))
                    .average()
                    .orElse(Double.NaN);
        }
    }

    static EchoScores of(List<EchoScore> cases) {
        Map<String, List<EchoScore>> byScenario = new LinkedHashMap<>();
        for (EchoScore one : cases) {
            byScenario.computeIfAbsent(one.scenario(), name -> new ArrayList<>()).add(one);
        }
        List<Scenario> scenarios = new ArrayList<>();
        byScenario.forEach((name, some) -> scenarios.add(Scenario.of(name, some)));
        return new EchoScores(scenarios, cases);
    }

    @Override
    public String text() {
        TextTable table =
                new TextTable(
                        "scenario",
                        "cases",
                        "ERLE dB",
                        "tail dB",
                        "SI-SDR dB",
                        "before",
                        "STOI",
                        "before",
                        "ESTOI",
                        "before");
        for (Scenario one : scenarios) {
            table.add(
                    one.scenario,
                    "%,d".formatted(one.cases),
                    number("%.2f", one.erle),
                    number("%.2f", one.erleTail),
                    number("%.2f", one.output.siSdr()),
                    number("%.2f", one.microphone.siSdr()),
                    number("%.3f", one.output.stoi()),
                    number("%.3f", one.microphone.stoi()),
                    number("%.3f", one.output.estoi()),
                    number("%.3f", one.microphone.estoi()));
        }
        long missing = cases.stream().mapToLong(EchoScore::missing).sum();
        return missing == 0
                ? table.toString()
                : "%s(for %,d samples that did not come out the microphone stands in)%n"
                        .formatted(table, missing);
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "-" : format.formatted(value);
    }
}
