/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ProbedBatch;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.InvalidInputException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What learning costs: the processor time for a window of a stream that learns, over a frozen
 * one's, and the bytes that each stream's state takes. One thread and the bare model; windows of as
 * many streams as a call has. A window is predicted, then learned from; where learning itself
 * predicts a batch of one stream, as Tent does, the time of learning alone is what counts. What
 * windows with other weights take of a call is time of learning. Medians of rounds in which all
 * rules take turns.
 *
 * <p>Arguments: bundles.
 */
public final class AdaptationCost {
    private static final int[] CALLS = {1, 16};
    private static final int ROUNDS = 9;

    /** That are not counted: what runs often is compiled first. */
    private static final int WARM_UP = 2;

    /** Windows of all streams in a round: whole batches of each. */
    private static final int WINDOWS = 1024;

    /** Windows that differ. */
    private static final int DIFFERENT = 64;

    private static final Map<String, AdaptationSettings> RULES = new LinkedHashMap<>();

    static {
        RULES.put("frozen", AdaptationSettings.FROZEN);
        RULES.put("homeostat", AdaptationSettings.homeostat());
        RULES.put("statistics", AdaptationSettings.statistics());
        RULES.put("tent", AdaptationSettings.tent());
        RULES.put("nhl-first", AdaptationSettings.nhlFirst());
        RULES.put("nhl", AdaptationSettings.nhl());
        RULES.put("nhl, batch 1", AdaptationSettings.nhl().withBatch(1));
    }

    private AdaptationCost() {}

    public static void main(String[] arguments) {
        System.out.println(
                "| bundle | windows in a call | rule | us a window | over frozen | learning alone |"
                        + " most bytes of a stream |");
        System.out.println("| --- | --- | --- | --- | --- | --- | --- |");
        for (String folder : arguments) {
            ModelBundle bundle = ModelBundle.open(Path.of(folder));
            for (int call : CALLS) {
                measure(bundle, call);
            }
        }
    }

    /** What the thread has used, so that others on the machine count less. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void measure(ModelBundle bundle, int call) {
        ModelFactory factory =
                ModelFactories.forBundle(bundle, AdaptationCost.class.getClassLoader());
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT)) {
            Map<String, Streams> streams = new LinkedHashMap<>();
            RULES.forEach(
                    (name, rule) -> {
                        if (learns(factory, bundle, rule)) {
                            streams.put(name, new Streams(factory, bundle, engine, rule, call));
                        }
                    });
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                for (Streams one : streams.values()) {
                    one.round(round);
                }
            }
            double frozen = Rounds.median(streams.get("frozen").all);
            streams.forEach(
                    (name, one) ->
                            System.out.printf(
                                    Locale.ROOT,
                                    "| %s | %d | %s | %.1f | %.2f | %.2f | %d |%n",
                                    bundle.name(),
                                    call,
                                    name,
                                    1e6 * Rounds.median(one.all),
                                    Rounds.median(one.all) / frozen,
                                    Rounds.median(one.learning) / frozen,
                                    one.bytes));
            streams.values().forEach(Streams::close);
        }
    }

    private static boolean learns(
            ModelFactory factory, ModelBundle bundle, AdaptationSettings rule) {
        if (!rule.adapts()) {
            return true;
        }
        try {
            factory.checkAdaptation(bundle, rule);
            return true;
        } catch (InvalidInputException e) {
            return false; // a rule that the network has nothing for
        }
    }

    /** Streams that learn by one rule, side by side, and the seconds that each window took. */
    private static final class Streams {
        private final StreamModel model;
        private final Plasticity plasticity;
        private final List<ModelInput> windows;
        private final FastWeights[] learned;
        private final double[] all = new double[ROUNDS];
        private final double[] learning = new double[ROUNDS];
        private int bytes;

        Streams(
                ModelFactory factory,
                ModelBundle bundle,
                GraphEngine engine,
                AdaptationSettings rule,
                int call) {
            model = factory.open(bundle, engine, rule);
            plasticity = rule.adapts() ? factory.plasticity(bundle, engine, rule) : null;
            windows = Windows.rhythmic(model.signature(), DIFFERENT);
            learned = new FastWeights[call];
            Arrays.fill(learned, FastWeights.none());
        }

        void round(int round) {
            long start = cpu();
            long spent = 0;
            for (int n = 0; n < WINDOWS / learned.length; n++) {
                List<ModelInput> batch = new ArrayList<>(learned.length);
                for (int stream = 0; stream < learned.length; stream++) {
                    batch.add(
                            new ModelInput(
                                    windows.get((n + stream) % DIFFERENT).window(),
                                    CarriedState.empty(),
                                    learned[stream]));
                }
                if (plasticity == null) {
                    model.infer(batch);
                } else {
                    spent += inferAndLearn(batch);
                    bytes = Math.max(bytes, learned[0].bytes());
                }
            }
            if (round >= 0) {
                all[round] = (cpu() - start) / 1e9 / WINDOWS;
                learning[round] = spent / 1e9 / WINDOWS;
            }
        }

        /** As a job does, with what the rule asks for in the same call; the time for learning. */
        private long inferAndLearn(List<ModelInput> batch) {
            var probed = new ProbedBatch(batch, plasticity::probes);
            int all = probed.inputs().size();
            long start = cpu();
            List<ModelOutput> outputs = model.infer(probed.inputs());
            long inferred = cpu();
            for (int stream = 0; stream < batch.size(); stream++) {
                learned[stream] =
                        plasticity
                                .learn(
                                        learned[stream],
                                        batch.get(stream).window(),
                                        outputs.get(stream).values(),
                                        probed.probed(outputs, stream))
                                .after();
            }
            return (inferred - start) * (all - batch.size()) / all + cpu() - inferred;
        }

        void close() {
            if (plasticity != null) {
                plasticity.close();
            }
            model.close();
        }
    }
}
