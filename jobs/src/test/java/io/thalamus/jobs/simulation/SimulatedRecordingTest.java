/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedRecordingTest {
    private static final int SAMPLES = 2000;

    /** Two channels that are never constant and never at the end of the range. */
    private record Ramps() implements SignalSimulator {
        @Override
        public List<String> channels() {
            return List.of("a", "b");
        }

        @Override
        public SampleRate rate() {
            return SampleRate.ofHertz(44_100);
        }

        @Override
        public int decimals() {
            return 1;
        }

        @Override
        public short[][] steps() {
            short[][] steps = new short[2][SAMPLES];
            for (short n = 0; n < SAMPLES; n++) {
                steps[0][n] = n;
                steps[1][n] = (short) -n;
            }
            return steps;
        }
    }

    @Test
    void isOneRowASample() throws IOException {
        List<String> rows = rows(new SimulatedRecording(new Ramps(), 1, 0));

        assertThat(rows).hasSize(SAMPLES + 1);
        assertThat(rows.subList(0, 4))
                .containsExactly("time,a,b", "0,0.0,0.0", "0.000022,0.1,-0.1", "0.000045,0.2,-0.2");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void hasTheFaultsThatItTells(long seed) throws IOException {
        SimulatedRecording recording = new SimulatedRecording(new Ramps(), seed, 3);

        List<Fault> faults = recording.faults();
        for (Fault.Kind kind : Fault.Kind.values()) {
            assertThat(faults).filteredOn(fault -> fault.kind() == kind).hasSize(3);
        }
        String[] cells = cells(recording);
        int wrong = 0;
        for (int n = 0; n < SAMPLES; n++) {
            for (int channel = 0; channel < 2; channel++) {
                String right = "%.1f".formatted((channel == 0 ? n : -n) / 10.0);
                wrong += cells[2 * n + channel].equals(right) || n == 0 ? 0 : 1;
            }
        }
        int told = 0;
        int end = SAMPLES / 10;
        for (Fault fault : faults) {
            assertThat(fault.first()).isGreaterThanOrEqualTo(end);
            end = fault.first() + fault.samples() + 1;
            for (int n = fault.first(); n < fault.first() + fault.samples(); n++) {
                String cell = cells[2 * n + fault.channel()];
                switch (fault.kind()) {
                    case MISSING -> assertThat(cell).isEmpty();
                    case GAP -> assertThat(cell).isEqualTo("lost");
                    case SATURATION -> assertThat(cell).isEqualTo(n % 2 == 0 ? "3276.7" : "3276.6");
                    case FLAT ->
                            assertThat(cell)
                                    .isEqualTo(cells[2 * (fault.first() - 1) + fault.channel()]);
                }
            }
            told += fault.samples() * (fault.kind() == Fault.Kind.GAP ? 2 : 1);
        }
        assertThat(wrong).isEqualTo(told);
    }

    @Test
    void framesHoldWhatTheFileHolds() throws IOException {
        SimulatedRecording recording = new SimulatedRecording(new Ramps(), 1, 2);

        String[] framed = new String[2 * SAMPLES];
        Arrays.fill(framed, "lost");
        for (SignalFrame frame : recording.frames("s", 7, 64)) {
            assertThat(frame.length()).isBetween(1, 64);
            assertThat(frame.startNanos()).isEqualTo(7 + frame.rate().nanosOf(frame.sequence()));
            boolean missing = false;
            for (int i = 0; i < frame.length(); i++) {
                for (int channel = 0; channel < 2; channel++) {
                    float value = frame.sample(channel, i);
                    missing |= Float.isNaN(value);
                    framed[2 * ((int) frame.sequence() + i) + channel] =
                            Float.isNaN(value) ? "" : Float.toString(value);
                }
            }
            assertThat(Quality.MISSING.in(frame.quality())).isEqualTo(missing);
        }

        assertThat(framed).isEqualTo(cells(recording));
    }

    @Test
    void refusesMoreFaultsThanFit() {
        assertThatThrownBy(() -> new SimulatedRecording(new Ramps(), 1, 50))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("50 faults of each kind do not fit in 2000 samples");
        assertThatThrownBy(() -> new SimulatedRecording(new Ramps(), 1, -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> rows(SimulatedRecording recording) throws IOException {
        StringBuilder text = new StringBuilder();
        recording.write(text);
        return text.toString().lines().toList();
    }

    /** The cells of the channels by sample; those of lost rows say so. */
    private static String[] cells(SimulatedRecording recording) throws IOException {
        String[] cells = new String[2 * SAMPLES];
        Arrays.fill(cells, "lost");
        List<String> rows = rows(recording);
        for (String row : rows.subList(1, rows.size())) {
            String[] fields = row.split(",", -1);
            int n = (int) Math.round(Double.parseDouble(fields[0]) * 44_100);
            cells[2 * n] = fields[1];
            cells[2 * n + 1] = fields[2];
        }
        return cells;
    }
}
