/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TrainableSegment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordedSegmentTest {
    private final CountedSegment counted = new CountedSegment();
    private final RecordedSegment segment = new RecordedSegment(counted);

    /** A graph that hands its input on, and counts the recordings that are kept. */
    private static final class CountedSegment implements TrainableSegment {
        private int kept;
        private boolean closed;

        @Override
        public void set(Map<String, Tensor> weights) {
            assertThat(kept).as("recordings that weights are set under").isZero();
        }

        @Override
        public Recording record(List<Tensor> inputs, List<Tensor> outputs) {
            kept++;
            return new Recording() {
                @Override
                public void backward(
                        List<Tensor> byOutputs,
                        List<Tensor> byInputs,
                        Map<String, Tensor> byWeights) {}

                @Override
                public void close() {
                    kept--;
                }
            };
        }

        @Override
        public void close() {
            assertThat(kept).isZero();
            closed = true;
        }
    }

    private void run() {
        segment.forward(List.of(Tensor.empty()), Tensor.empty());
    }

    @Test
    void aRunIsKeptUntilItIsGoneBackThrough() {
        run();
        run();
        assertThat(counted.kept).isEqualTo(2);

        segment.backward(Tensor.empty(), List.of(Tensor.empty()), Map.of());

        assertThat(counted.kept).isEqualTo(1);
    }

    @Test
    void newWeightsForgetWhatABatchThatFailedHasLeft() {
        run();
        run();

        segment.set(Map.of());

        assertThat(counted.kept).isZero();
    }

    @Test
    void closesWhatIsLeftBeforeTheSegment() {
        run();

        segment.close();

        assertThat(counted.kept).isZero();
        assertThat(counted.closed).isTrue();
    }
}
