/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.evaluation.CorruptedStream;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.corruption.Corrupt;
import io.thalamus.operators.signal.corruption.Corruption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which ways of learning are compared, and on which corruptions. */
final class AdaptationArguments {
    /** Learning nothing. */
    static final String SOURCE = "source";

    private static final String NONE = "none";

    @Option(
            names = "--adaptation",
            paramLabel = "METHOD",
            split = ",",
            description =
                    "classification: compare what streams make of learning while they run: source"
                            + " for nothing, or presets of the section adaptation, with commas"
                            + " between. One run for each.")
    private Set<String> methods = new LinkedHashSet<>();

    @Option(
            names = "--corruptions",
            paramLabel = "KIND",
            split = ",",
            defaultValue = "white,pink,gain,drop,warp,wander,lowband,clip",
            description =
                    "adaptation: what is done to copies of the streams, or none (default:"
                            + " ${DEFAULT-VALUE}).")
    private Set<String> kinds = new LinkedHashSet<>();

    @Option(
            names = "--severities",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,2,3,4,5",
            description = "adaptation: how severely, from 1 to 5 (default: ${DEFAULT-VALUE}).")
    private Set<Integer> severities = new LinkedHashSet<>();

    @Option(
            names = "--block",
            paramLabel = "SAMPLES",
            description =
                    "adaptation: the length of what is corrupted at a time (default: a second).")
    private Integer block;

    /** In their order; empty if learning is not what is evaluated. */
    List<String> methods() {
        return List.copyOf(methods);
    }

    /**
     * One of each kind and severity.
     *
     * @throws ParameterException if there are no such
     * @throws io.thalamus.schemas.InvalidInputException if the severity or block cannot be
     */
    List<Corrupt> corruptions(long seed, CommandSpec command) {
        List<Corrupt> corruptions = new ArrayList<>();
        if (kinds.equals(Set.of(NONE))) {
            return corruptions;
        }
        List<String> known = Arrays.stream(Corruption.values()).map(CorruptedStream::name).toList();
        Span length = block == null ? Corrupt.BLOCK : Span.ofSamples(block);
        for (String kind : kinds) {
            if (!known.contains(kind)) {
                throw new ParameterException(
                        command.commandLine(),
                        "--corruptions names %s; give some of %s, or %s alone"
                                .formatted(kind, String.join(", ", known), NONE));
            }
            for (int severity : severities) {
                corruptions.add(
                        new Corrupt(
                                Corruption.values()[known.indexOf(kind)], severity, seed, length));
            }
        }
        return corruptions;
    }

    /** The keys that have a pipeline learn by a method; other keys of the section stay. */
    static List<String> keys(String method) {
        return List.of(method.equals(SOURCE) ? "adaptation=" : "adaptation.preset=" + method);
    }
}
