/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.adaptation.Judge;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignalCalibrationTest {
    private static final String SEEN = "seen";

    /** The mean of its layer is the number of windows that came before. */
    private static final class Counter implements StreamModel {
        @Override
        public ModelSignature signature() {
            return new ModelSignature("counter", 1, List.of(), 4, 0, false, true, Forecast.class);
        }

        @Override
        public List<ModelOutput> infer(List<ModelInput> batch) {
            float[] seen = batch.get(0).state().arrays().getOrDefault(SEEN, new float[1]);
            return List.of(
                    new ModelOutput(
                            new float[] {seen[0], 0},
                            new CarriedState(Map.of(SEEN, new float[] {seen[0] + 1}))));
        }

        @Override
        public List<WireRecord> interpret(SignalFrame window, ModelOutput output) {
            return List.of();
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }

    private static SignalFrame window(String stream, int index) {
        return TestStream.of(stream).frame(4L * index, 4);
    }

    @Test
    void stateIsCarriedThroughAStreamButNotOverWindowsThatAreLeftOut() {
        try (SignalCalibration calibration =
                new SignalCalibration(
                        new ModulatedSignal("layer", 1, false, Judge.BLIND), new Counter())) {
            calibration.add(window("a", 0));
            calibration.add(window("a", 1));
            assertMean(calibration, 0, 1);
            calibration.skip();
            calibration.add(window("a", 3));
            calibration.add(window("a", 4));
            assertMean(calibration, 0, 1, 0, 1);
            calibration.add(window("b", 5));
            assertMean(calibration, 0, 1, 0, 1, 0);
        }
    }

    private static void assertMean(SignalCalibration calibration, int... means) {
        float sum = 0;
        for (int mean : means) {
            sum += mean;
        }
        assertThat(calibration.statistics().get("layer.mean").data())
                .containsExactly(sum / means.length);
    }
}
