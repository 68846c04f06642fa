/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.schemas.ControlCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SwapsTest {
    private final List<String> opened = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final Swaps swaps = new Swaps(model("own"), this::open);

    private OpenModel open(CheckedCommand swap) {
        opened.add(swap.bundle());
        return model(swap.bundle());
    }

    private OpenModel model(String name) {
        return new OpenModel(
                null, name, new Told(name, closed), null, Optional.empty(), Optional.empty());
    }

    /** Tells when it is closed. */
    private record Told(String name, List<String> closed) implements GraphEngine {
        @Override
        public CompiledSegment compile(TensorGraph graph, Map<String, Tensor> weights) {
            throw new UnsupportedOperationException("runs no graph");
        }

        @Override
        public void close() {
            closed.add(name);
        }
    }

    private void swap(long time, String bundle) {
        swaps.add(
                new CheckedCommand(
                        new ControlCommand(
                                ControlCommand.ALL_STREAMS,
                                time,
                                ControlCommand.Kind.SWAP_BUNDLE,
                                bundle),
                        bundle,
                        "own"));
    }

    private String at(long time) throws Exception {
        return swaps.at(time).digest();
    }

    /** One stream is ahead, another ten behind it. */
    @Test
    void aBundleStaysOpenForStreamsThatLagBehind() throws Exception {
        swap(20, "a");
        swap(40, "b");
        swap(60, "c");
        List<String> judges = new ArrayList<>();
        for (long time = 0; time < 80; time++) {
            at(time);
            swaps.closeBefore(time);
            judges.add(at(time - 10));
        }
        assertThat(judges.stream().distinct()).containsExactly("own", "a", "b", "c");
        assertThat(opened).containsExactly("a", "b", "c");
        swaps.closeBefore(80);
        assertThat(closed).containsExactly("a");
        swaps.close();
        assertThat(closed).containsExactlyInAnyOrder("a", "b", "c");
    }

    /** However far behind streams are. */
    @Test
    void ofThoseOfBeforeOneStaysOpen() throws Exception {
        for (long time = 0; time < 50; time++) {
            swap(time, "b" + time);
        }
        for (long time = 0; time < 50; time++) {
            assertThat(at(time)).isEqualTo("b" + time);
            swaps.closeBefore(49);
            assertThat(opened.size() - closed.size()).isLessThanOrEqualTo(2);
        }
        assertThat(at(7)).isEqualTo("b7");
        swaps.closeBefore(49);
        assertThat(closed).doesNotHaveDuplicates().doesNotContain("b49").contains("b48");
        swaps.close();
        assertThat(closed).containsExactlyInAnyOrderElementsOf(opened);
    }
}
