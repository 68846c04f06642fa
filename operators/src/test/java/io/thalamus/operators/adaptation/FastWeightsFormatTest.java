/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FastWeightsFormatTest {
    private static final String BUNDLE = "0f".repeat(BoundWeights.DIGEST_BYTES);
    private static final String PRESET = "tent";

    @Test
    void comeBackAsTheyWere() throws IOException {
        FastWeights weights =
                new FastWeights(
                        1L << 40,
                        Map.of("conv1.weight", new float[] {1, -0.0f, Float.MIN_VALUE}),
                        Map.of("reset", new float[] {Float.NaN, 2}, "übrig", new float[0]));
        byte[] bytes = write(weights);
        BoundWeights bound = new BoundWeights(weights, BUNDLE, PRESET);
        assertThat(bound.bytes()).isEqualTo(bytes.length);
        assertThat(read(bytes)).isEqualTo(bound);
        assertThat(read(write(FastWeights.none())).weights())
                .isEqualTo(FastWeights.none())
                .isNotEqualTo(weights);
    }

    /** Each byte by itself would be a call of the system, where nothing stands between. */
    @Test
    void longArraysAreReadAtOnce() throws IOException {
        FastWeights weights = new FastWeights(1, Map.of("conv1.weight", new float[10_000]));
        AtomicInteger single = new AtomicInteger();
        InputStream counted =
                new FilterInputStream(new ByteArrayInputStream(write(weights))) {
                    @Override
                    public int read() throws IOException {
                        single.incrementAndGet();
                        return super.read();
                    }
                };
        assertThat(FastWeightsFormat.read(new DataInputStream(counted)).weights())
                .isEqualTo(weights);
        assertThat(single).hasValueLessThan(100);
    }

    /** So that what is stored today is read tomorrow. */
    @Test
    void areWrittenToTheByte() throws IOException {
        Map<String, float[]> deltas = new LinkedHashMap<>();
        deltas.put("b", new float[] {1});
        deltas.put("a", new float[0]);
        byte[] bytes = write(new FastWeights(7, deltas, Map.of("m", new float[] {-2})));
        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo(
                        "00000003"
                                + BUNDLE
                                + ("00000004" + "74656e74")
                                + "0000000000000007"
                                + "00000002"
                                + ("00000001" + "61" + "00000000")
                                + ("00000001" + "62" + "00000001" + "3f800000")
                                + "00000001"
                                + ("00000001" + "6d" + "00000001" + "c0000000"));
    }

    /** The second version had no preset. */
    @Test
    void whatHasNoPresetIsReadAndWrittenAsBefore() throws IOException {
        String second = "00000002" + BUNDLE + "0000000000000007" + "00000000" + "00000000";
        byte[] bytes = HexFormat.of().parseHex(second);
        BoundWeights without = new BoundWeights(new FastWeights(7, Map.of()), BUNDLE);
        assertThat(read(bytes)).isEqualTo(without);
        assertThat(write(without)).isEqualTo(bytes);
        assertThat(without.bytes()).isEqualTo(bytes.length);
    }

    /** The first version had no digest. */
    @Test
    void whatHasNoDigestIsReadAndWrittenAsBefore() throws IOException {
        String first = "00000001" + "0000000000000007" + "00000000" + "00000000";
        byte[] bytes = HexFormat.of().parseHex(first);
        BoundWeights without = new BoundWeights(new FastWeights(7, Map.of()), "");
        assertThat(read(bytes)).isEqualTo(without);
        assertThat(write(without)).isEqualTo(bytes);
    }

    @Test
    void anotherVersionIsRefused() throws IOException {
        byte[] bytes = write(FastWeights.none());
        bytes[3] = 9;
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("version 9")
                .hasMessageContaining("restore with the release that wrote them");
    }

    private static byte[] write(FastWeights weights) throws IOException {
        return write(new BoundWeights(weights, BUNDLE, PRESET));
    }

    private static byte[] write(BoundWeights weights) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        FastWeightsFormat.write(weights, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static BoundWeights read(byte[] bytes) throws IOException {
        return FastWeightsFormat.read(new DataInputStream(new ByteArrayInputStream(bytes)));
    }
}
