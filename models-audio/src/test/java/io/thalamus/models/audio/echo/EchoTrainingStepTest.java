/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TrainableSegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * One step of the training recipe on the engine, against that of the reference: masks, losses,
 * gradients, the step of Adam, and the running statistics. So the network computes what was trained
 * elsewhere while it is trained, too, and its gradients are those that further training needs.
 */
class EchoTrainingStepTest {
    private static final int SIGNALS = 2;
    private static final double RATE = 1e-3;

    /** Below it a gradient may be rounding alone, which Adam makes a whole step of. */
    private static final double SURE = 1e-5;

    private static final double MOMENTUM = 0.1;

    private static Safetensors before;
    private static Safetensors cases;
    private static EchoConfig config;
    private static TrainedMaskGraph graph;
    private static final Cancellation[] MADE = new Cancellation[SIGNALS];
    private static final Map<String, Tensor> GRADIENTS = new HashMap<>();
    private static final List<Tensor> OUTPUTS = new ArrayList<>();
    private static EchoLoss loss;

    @BeforeAll
    static void step() {
        ModelBundle bundle = TestBundles.bundle("train-step");
        config = EchoConfig.of(bundle.config());
        before = bundle.weights();
        cases = Safetensors.open(bundle.folder().resolve(ModelBundle.CASES));
        int samples = cases.shape("mic")[1];
        int frames = (samples + config.hop() - 1) / config.hop() + 1;
        int size = frames * config.bins();
        EchoWeights weights = new EchoWeights(bundle, config.epsilon());
        graph = new TrainedMaskGraph(config, weights, before, SIGNALS, frames, config.bins());
        graph.build(/* withTaps= */ false);
        Tensor features = Tensor.empty().reshape(SIGNALS, 4, frames, config.bins());
        Spectra[] near = new Spectra[SIGNALS];
        Spectra[] echo = new Spectra[SIGNALS];
        for (int i = 0; i < SIGNALS; i++) {
            MADE[i] = Cancellation.of(frames, config.bins());
            near[i] = Spectra.of(frames, config.bins());
            echo[i] = Spectra.of(frames, config.bins());
            analyse("mic", i, MADE[i].microphone());
            analyse("far", i, MADE[i].farEnd());
            analyse("near", i, near[i]);
            analyse("echo", i, echo[i]);
            Tensor own = Tensor.empty().reshape(1, 4, frames, config.bins());
            MADE[i].features(config.inputPower(), own);
            System.arraycopy(own.data(), 0, features.data(), i * own.size(), own.size());
        }
        List<Tensor> inputs = new ArrayList<>(List.of(features));
        for (MaskGraph.Memory memory : graph.memories()) {
            int[] shape = {SIGNALS, memory.channels(), memory.frames(), config.bins()};
            inputs.add(Tensor.of(new float[Tensor.size(shape)], shape));
        }
        graph.graph().outputs().forEach(output -> OUTPUTS.add(Tensor.empty()));
        graph.values()
                .forEach(
                        (name, value) ->
                                GRADIENTS.put(
                                        name, Tensor.of(new float[value.size()], value.shape())));
        loss = new EchoLoss(SIGNALS * size);
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                TrainableSegment segment =
                        engine.compileForTraining(graph.graph(), graph.values());
                TrainableSegment.Recording run = segment.record(inputs, OUTPUTS)) {
            Tensor masks = masks();
            List<Tensor> byOutputs = new ArrayList<>();
            OUTPUTS.forEach(
                    o -> byOutputs.add(Tensor.of(new float[Tensor.size(o.shape())], o.shape())));
            for (int i = 0; i < SIGNALS; i++) {
                float[] own = Arrays.copyOfRange(masks.data(), 4 * i * size, 4 * (i + 1) * size);
                MADE[i].apply(Tensor.of(own, 1, 4, frames, config.bins()));
                loss.add(
                        MADE[i],
                        near[i],
                        echo[i],
                        masks.data(),
                        byOutputs.get(OUTPUTS.indexOf(masks)).data(),
                        4 * i * size);
            }
            List<Tensor> byInputs = new ArrayList<>();
            inputs.forEach(input -> byInputs.add(Tensor.empty()));
            run.backward(byOutputs, byInputs, GRADIENTS);
        }
    }

    /** The inputs of the normalisations are outputs of the graph that come first. */
    private static Tensor masks() {
        return OUTPUTS.get(graph.normalisations().size());
    }

    private static void analyse(String name, int signal, Spectra spectra) {
        float[] all = cases.tensor(name).data();
        int samples = cases.shape(name)[1];
        float[] padded = new float[spectra.frames() * config.hop()];
        System.arraycopy(all, signal * samples, padded, 0, samples);
        new HalfOverlap(config.frame()).analyse(new float[config.hop()], padded, 0, spectra);
    }

    @AfterAll
    static void forget() {
        GRADIENTS.clear();
        OUTPUTS.clear();
    }

    @Test
    void masksAreThoseOfTheReference() {
        for (int i = 0; i < SIGNALS; i++) {
            compare("mask_echo", i, MADE[i].echoMask());
            compare("mask_speech", i, MADE[i].voiceMask());
        }
    }

    private static void compare(String name, int signal, Spectra made) {
        int size = made.re().length;
        int from = signal * size;
        float[] re = Arrays.copyOfRange(cases.tensor(name + ".re").data(), from, from + size);
        float[] im = Arrays.copyOfRange(cases.tensor(name + ".im").data(), from, from + size);
        assertThat(error(made.re(), re)).as(name).isLessThan(2e-5);
        assertThat(error(made.im(), im)).as(name).isLessThan(2e-5);
    }

    /** The largest difference, against the largest value. */
    private static double error(float[] made, float[] wanted) {
        double largest = 0;
        double error = 0;
        for (int i = 0; i < wanted.length; i++) {
            largest = Math.max(largest, Math.abs(wanted[i]));
            error = Math.max(error, Math.abs(made[i] - wanted[i]));
        }
        // of biases before a normalisation the gradient is zero but for rounding, 1e-7
        return error / Math.max(largest, 1e-3);
    }

    @Test
    void lossesAreThoseOfTheReference() {
        double[] wanted = cases.values("loss").values();
        for (int i = 0; i < wanted.length; i++) {
            assertThat(loss.parts[i]).isCloseTo(wanted[i], within(1e-5 * wanted[i]));
        }
    }

    @Test
    void gradientsAreThoseOfTheReference() {
        int compared = 0;
        for (String name : before.names()) {
            if (cases.names().contains("grad." + name)) {
                float[] wanted = cases.tensor("grad." + name).data();
                assertThat(error(gradient(name), wanted)).as(name).isLessThan(1e-4);
                compared++;
            }
        }
        assertThat(compared).isEqualTo(GRADIENTS.size() * 2 - 4);
    }

    @Test
    void aStepOfAdamGivesTheWeightsOfTheReference() {
        int sure = 0;
        for (String name : before.names()) {
            if (cases.names().contains("grad." + name)) {
                float[] gradient = gradient(name);
                float[] weight = before.tensor(name).data();
                float[] wanted = cases.tensor("after." + name).data();
                for (int i = 0; i < weight.length; i++) {
                    if (Math.abs(gradient[i]) > SURE) {
                        // the first step: both moments are those of this gradient
                        double moved = RATE * gradient[i] / (Math.abs(gradient[i]) + 1e-8);
                        assertThat(weight[i] - moved).as(name).isCloseTo(wanted[i], within(1e-6));
                        sure++;
                    }
                }
            }
        }
        assertThat(sure).isGreaterThan(2000);
    }

    @Test
    void runningStatisticsAreThoseOfTheReference() {
        for (int i = 0; i < graph.normalisations().size(); i++) {
            String name = graph.normalisations().get(i);
            Tensor maps = OUTPUTS.get(i);
            int channels = maps.dimension(1) / 2;
            for (int channel = 0; channel < 2 * channels; channel++) {
                String part = name + (channel % 2 == 0 ? ".re" : ".im");
                double[] statistics = statistics(maps, channel);
                running(part + ".mean", channel / 2, statistics[0]);
                running(part + ".var", channel / 2, statistics[1]);
            }
        }
    }

    private static void running(String name, int channel, double fresh) {
        double old = before.tensor(name).data()[channel];
        double wanted = cases.tensor("after." + name).data()[channel];
        assertThat((1 - MOMENTUM) * old + MOMENTUM * fresh)
                .as(name)
                .isCloseTo(wanted, within(1e-5 * Math.max(1, Math.abs(wanted))));
    }

    /** Mean and unbiased variance of a channel over batch, frames and bins. */
    private static double[] statistics(Tensor maps, int channel) {
        int size = maps.dimension(2) * maps.dimension(3);
        int count = maps.dimension(0) * size;
        double sum = 0;
        double squares = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (int signal = 0; signal < maps.dimension(0); signal++) {
                int from = (signal * maps.dimension(1) + channel) * size;
                for (int i = from; i < from + size; i++) {
                    if (pass == 0) {
                        sum += maps.data()[i];
                    } else {
                        double distance = maps.data()[i] - sum / count;
                        squares += distance * distance;
                    }
                }
            }
        }
        return new double[] {sum / count, squares / (count - 1)};
    }

    /** The gradient by a complex layer's weight, from that of the real layer it runs as. */
    private static float[] gradient(String name) {
        int dot = name.lastIndexOf('.');
        String layer = name.substring(0, dot);
        String part = name.substring(dot + 1);
        if (part.startsWith("w_")) {
            return kernel(GRADIENTS.get(layer + ".kernel"), part.equals("w_re"));
        }
        if (part.startsWith("b_")) {
            return every(GRADIENTS.get(layer + ".bias"), part.equals("b_re") ? 0 : 1);
        }
        String normalisation = layer.substring(0, layer.lastIndexOf('.'));
        return every(GRADIENTS.get(normalisation + "." + part), layer.endsWith(".re") ? 0 : 1);
    }

    private static float[] every(Tensor both, int first) {
        float[] values = new float[both.size() / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = both.data()[2 * i + first];
        }
        return values;
    }

    /** Each weight stands twice in the matrix {@code (a -b; b a)}. */
    private static float[] kernel(Tensor both, boolean real) {
        int outs = both.dimension(0) / 2;
        int ins = both.dimension(1) / 2;
        int taps = both.dimension(2) * both.dimension(3);
        float[] values = new float[outs * ins * taps];
        for (int o = 0; o < outs; o++) {
            for (int i = 0; i < ins; i++) {
                for (int tap = 0; tap < taps; tap++) {
                    int upper = ((2 * o) * 2 * ins + 2 * i) * taps + tap;
                    int lower = ((2 * o + 1) * 2 * ins + 2 * i) * taps + tap;
                    values[(o * ins + i) * taps + tap] =
                            real
                                    ? both.data()[upper] + both.data()[lower + taps]
                                    : both.data()[lower] - both.data()[upper + taps];
                }
            }
        }
        return values;
    }
}
