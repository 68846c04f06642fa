/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.junit.jupiter.api.Test;

class CommandSourceTest {
    private final List<Watermark> marks = new ArrayList<>();
    private final WatermarkOutput output =
            new WatermarkOutput() {
                @Override
                public void emitWatermark(Watermark mark) {
                    marks.add(mark);
                }

                @Override
                public void markIdle() {}

                @Override
                public void markActive() {}
            };

    private static WatermarkGenerator<String> quiet(Duration quiet) {
        return CommandSource.<String>watermarks(quiet).createWatermarkGenerator(null);
    }

    /** However long the steps behind take to open, or for a command. */
    @Test
    void quietBeginsWhenItIsFirstLookedFor() {
        WatermarkGenerator<String> generator = quiet(Duration.ZERO);
        generator.onPeriodicEmit(output);
        assertThat(marks).isEmpty();
        generator.onPeriodicEmit(output);
        assertThat(marks).containsExactly(new Watermark(Long.MAX_VALUE));
        generator.onEvent("command", 0, output);
        generator.onPeriodicEmit(output);
        assertThat(marks).hasSize(1);
        generator.onPeriodicEmit(output);
        assertThat(marks).hasSize(2);
    }

    @Test
    void nothingIsSaidBeforeItHasBeenQuietForLongEnough() {
        WatermarkGenerator<String> generator = quiet(Duration.ofDays(1));
        for (int i = 0; i < 10; i++) {
            generator.onPeriodicEmit(output);
        }
        assertThat(marks).isEmpty();
    }
}
