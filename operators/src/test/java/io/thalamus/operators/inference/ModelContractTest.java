/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A sound model keeps the contract, and each fault is found by the test that is there for it. */
class ModelContractTest {

    private enum Fault {
        NONE,
        WRONG_SIZE,
        WRONG_STREAM,
        FORGETS_STATE,
        IGNORES_STATE,
        REMEMBERS_ITSELF,
        MIXES_THE_BATCH,
        GOES_BY_THE_ORDER,
        CHANGES_ITS_INPUT,
        CHANGES_THE_STATE,
        USES_ITS_OUTPUT_AGAIN,
        LEARNS_FOR_ALL,
        NEVER_RECOVERS,
        SHARES_ACROSS_MODELS,
        LEAKS
    }

    @Nested
    class SoundModelTest extends Contract {
        SoundModelTest() {
            super(Fault.NONE);
        }
    }

    @Test
    void findsOutputsOfAnotherShapeOrStream() {
        assertFound(Fault.WRONG_SIZE, ModelContract::givesOneResultOfOneShapeForEachElement);
        assertFound(Fault.WRONG_STREAM, ModelContract::givesOneResultOfOneShapeForEachElement);
    }

    @Test
    void findsStateThatIsNotPassedOn() {
        assertFound(Fault.FORGETS_STATE, ModelContract::carriesStateIfItSaysSo);
        assertFound(Fault.IGNORES_STATE, ModelContract::stateMattersIfItIsCarried);
        assertFound(Fault.REMEMBERS_ITSELF, ModelContract::anotherModelGoesOnWhereOneHasStopped);
        assertFound(Fault.REMEMBERS_ITSELF, ModelContract::sameInputTwiceGivesTheSame);
    }

    @Test
    void findsResultsThatDependOnTheBatch() {
        assertFound(Fault.MIXES_THE_BATCH, ModelContract::batchOfManyIsManyBatchesOfOne);
        assertFound(Fault.GOES_BY_THE_ORDER, ModelContract::orderWithinABatchIsIrrelevant);
        assertFound(Fault.GOES_BY_THE_ORDER, ModelContract::batchOfManyIsManyBatchesOfOne);
        assertFound(Fault.LEARNS_FOR_ALL, ModelContract::whatOneStreamHasLearnedStaysWithIt);
    }

    @Test
    void findsArraysThatAreNotLeftAlone() {
        assertFound(Fault.CHANGES_ITS_INPUT, ModelContract::leavesWhatItIsGivenAlone);
        assertFound(Fault.CHANGES_THE_STATE, ModelContract::leavesWhatItIsGivenAlone);
        assertFound(Fault.USES_ITS_OUTPUT_AGAIN, ModelContract::leavesWhatItHasGivenAlone);
    }

    @Test
    void findsModelsThatAreHarmedOrShared() {
        assertFound(Fault.NEVER_RECOVERS, ModelContract::strangeWindowsHarmNobodyElse);
        assertFound(
                Fault.SHARES_ACROSS_MODELS,
                contract -> {
                    try {
                        contract.twoThreadsWithTheirOwnModelsAgree();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
    }

    @Test
    void findsMemoryThatIsNotGivenBack() {
        assertFound(Fault.LEAKS, ModelContract::memoryStaysFlat);
    }

    private interface Rule {
        void check(ModelContract contract);
    }

    private static void assertFound(Fault fault, Rule rule) {
        Contract contract = new Contract(fault);
        contract.openModel();
        try {
            ThrowingCallable check = () -> rule.check(contract);
            assertThatThrownBy(check).as(fault.name()).isInstanceOf(AssertionError.class);
        } finally {
            contract.closeModel();
        }
    }

    private static class Contract extends ModelContract {
        private final Fault fault;

        Contract(Fault fault) {
            this.fault = fault;
        }

        @Override
        protected GraphEngine openEngine() {
            return new ReferenceEngine();
        }

        @Override
        protected StreamModel open(GraphEngine on) {
            return new Tally(fault);
        }

        @Override
        protected FastWeights fastWeights(
                GraphEngine on, SignalFrame window, SplittableRandom chance) {
            float[] gain = {(float) chance.nextDouble() + 0.1f, 0.5f};
            return new FastWeights(1, Map.of("gain", gain));
        }
    }

    /**
     * Forecasts each channel's last value, times a gain, plus the sum of all it has ever seen; with
     * a fault on demand.
     */
    private static final class Tally implements StreamModel {
        private static final int CHANNELS = 2;
        private static float shared;

        private final Fault fault;
        private final List<ByteBuffer> kept = new ArrayList<>();
        private final float[] reused = new float[CHANNELS];
        private float own;

        Tally(Fault fault) {
            this.fault = fault;
            shared = 0;
        }

        @Override
        public ModelSignature signature() {
            return new ModelSignature(
                    "tally", CHANNELS, List.of(), 12, 1, false, true, Forecast.class);
        }

        @Override
        public List<ModelOutput> infer(List<ModelInput> batch) {
            if (fault == Fault.LEAKS) {
                ByteBuffer lost = ByteBuffer.allocateDirect(256 << 10);
                for (int i = 0; i < lost.capacity(); i += 1024) {
                    lost.put(i, (byte) 1);
                }
                kept.add(lost);
            }
            List<ModelOutput> outputs = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                outputs.add(infer(batch, i));
            }
            return outputs;
        }

        private ModelOutput infer(List<ModelInput> batch, int index) {
            ModelInput input = batch.get(index);
            SignalFrame window = input.window();
            float[] gain = gain(fault == Fault.LEARNS_FOR_ALL ? batch.get(0) : input);
            float[] past = input.state().arrays().getOrDefault("sum", new float[CHANNELS]);
            float[] sum = fault == Fault.CHANGES_THE_STATE ? past : past.clone();
            float[] values =
                    fault == Fault.USES_ITS_OUTPUT_AGAIN
                            ? reused
                            : new float[CHANNELS + (fault == Fault.WRONG_SIZE ? 1 : 0)];
            for (int channel = 0; channel < CHANNELS; channel++) {
                float last = window.sample(channel, window.length() - 1);
                sum[channel] += last;
                float memory = fault == Fault.IGNORES_STATE ? 0 : sum[channel];
                values[channel] = last * (1 + gain[channel]) + memory;
            }
            values[0] += error(batch, index);
            return new ModelOutput(
                    values,
                    fault == Fault.FORGETS_STATE
                            ? CarriedState.empty()
                            : new CarriedState(Map.of("sum", sum)));
        }

        private static float[] gain(ModelInput input) {
            return input.fastWeights().deltas().getOrDefault("gain", new float[CHANNELS]);
        }

        private float error(List<ModelInput> batch, int index) {
            float[] samples = batch.get(index).window().samples();
            switch (fault) {
                case REMEMBERS_ITSELF -> {
                    own += samples[0];
                    return own;
                }
                case SHARES_ACROSS_MODELS -> {
                    synchronized (Tally.class) {
                        return shared++;
                    }
                }
                case MIXES_THE_BATCH -> {
                    return batch.get(batch.size() - 1).window().samples()[0];
                }
                case GOES_BY_THE_ORDER -> {
                    return index;
                }
                case CHANGES_ITS_INPUT -> Arrays.fill(samples, 0);
                case NEVER_RECOVERS -> {
                    own += samples[0] - samples[0];
                    return own;
                }
                default -> {
                    return 0;
                }
            }
            return 0;
        }

        @Override
        public List<WireRecord> interpret(SignalFrame window, ModelOutput output) {
            return List.of(
                    new Forecast(
                            fault == Fault.WRONG_STREAM ? "other" : window.streamId(),
                            window.nextSequence(),
                            window.segment(),
                            window.endNanos(),
                            window.rate(),
                            window.channels(),
                            output.values(),
                            "tally"));
        }

        @Override
        public void close() {
            kept.clear();
        }
    }
}
