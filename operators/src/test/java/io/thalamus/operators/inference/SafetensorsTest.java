/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("weights.safetensors");
    }

    @Test
    void readsWhatWasWritten() {
        honest().write(file);
        Safetensors tensors = Safetensors.open(file);
        assertThat(tensors.names()).containsExactly("head.weight", "head.bias", "codes", "loss");
        assertThat(tensors.shape("head.weight")).containsExactly(2, 3);
        assertThat(tensors.tensor("head.weight").data()).containsExactly(1, 2, 3, 4, 5, -6.5f);
        assertThat(tensors.tensor("head.bias").data()).containsExactly(0.1f, 0.2f);
        assertThat(tensors.values("head.bias").values()).containsExactly(0.1, 0.2);
        assertThat(tensors.values("codes").values()).containsExactly(3, -1);
        assertThat(tensors.shape("loss")).isEmpty();
        assertThat(tensors.tensor("loss").data()).containsExactly(0.25f);
        assertThat(tensors.isInteger("codes")).isTrue();
        assertThat(tensors.isInteger("head.bias")).isFalse();
    }

    @Test
    void readsEveryIntegerType() {
        new SafetensorsFile()
                .add("i32", "I32", new int[] {1}, SafetensorsFile.littleEndian(4).putInt(-70000))
                .add(
                        "i16",
                        "I16",
                        new int[] {1},
                        SafetensorsFile.littleEndian(2).putShort((short) -300))
                .add("i8", "I8", new int[] {1}, ByteBuffer.wrap(new byte[] {-3}))
                .add("u8", "U8", new int[] {1}, ByteBuffer.wrap(new byte[] {-3}))
                .add("bool", "BOOL", new int[] {2}, ByteBuffer.wrap(new byte[] {1, 0}))
                .write(file);
        Safetensors tensors = Safetensors.open(file);
        assertThat(tensors.values("i32").values()).containsExactly(-70000);
        assertThat(tensors.values("i16").values()).containsExactly(-300);
        assertThat(tensors.values("i8").values()).containsExactly(-3);
        assertThat(tensors.values("u8").values()).containsExactly(253);
        assertThat(tensors.values("bool").values()).containsExactly(1, 0);
    }

    @Test
    void readsValuesThatStartAtAnyByte() {
        new SafetensorsFile()
                .add("odd", "U8", new int[] {3}, ByteBuffer.wrap(new byte[] {1, 2, 3}))
                .floats("after", new int[] {2}, 1.5f, -2.5f)
                .write(file);
        assertThat(Safetensors.open(file).tensor("after").data()).containsExactly(1.5f, -2.5f);
    }

    @Test
    void readsLongTensors() {
        float[] values = new float[300_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / 2f;
        }
        new SafetensorsFile()
                .floats("first", new int[] {1}, 7)
                .floats("long", new int[] {3, 100_000}, values)
                .write(file);
        assertThat(Safetensors.open(file).tensor("long").data()).containsExactly(values);
    }

    @Test
    void smallTensorsAreNotMapped() {
        honest().write(file);
        long before = mappings();
        for (int i = 0; i < 100; i++) {
            Safetensors tensors = Safetensors.open(file);
            tensors.names().forEach(tensors::values);
        }
        assertThat(mappings()).isLessThanOrEqualTo(before);
    }

    private static long mappings() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("mapped"))
                .mapToLong(BufferPoolMXBean::getCount)
                .sum();
    }

    @Test
    void readsEmptyTensorsAndMetadataAndTensorsInAnyOrder() throws IOException {
        byte[] values = SafetensorsFile.littleEndian(8).putFloat(1).putFloat(2).array();
        Files.write(
                file,
                SafetensorsFile.bytes(
                        """
                        {"__metadata__": {"format": "pt"},
                         "b": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]},
                         "none": {"dtype": "F32", "shape": [0, 5], "data_offsets": [4, 4]},
                         "a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}\s\s""",
                        values));
        Safetensors tensors = Safetensors.open(file);
        assertThat(tensors.names()).containsExactlyInAnyOrder("a", "b", "none");
        assertThat(tensors.tensor("b").data()).containsExactly(2);
        assertThat(tensors.tensor("none").size()).isZero();
    }

    @Test
    void lettersOfANameMayBeAny() {
        new SafetensorsFile().floats("größe ☃ \"q\"", new int[] {1}, 1).write(file);
        assertThat(Safetensors.open(file).tensor("größe ☃ \"q\"").data()).containsExactly(1);
    }

    @Test
    void saysThatTheFileIsMissing() {
        assertBroken("does not exist");
    }

    @Test
    void saysThatAFolderIsNoFile() throws IOException {
        Files.createDirectory(file);
        assertBroken("weights.safetensors");
    }

    @Test
    void noticesTruncationAnywhere() throws IOException {
        byte[] whole = honest().bytes();
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertBroken("is damaged");
        }
    }

    @Test
    void noticesWhatFollowsTheValues() throws IOException {
        byte[] whole = honest().bytes();
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertBroken("bytes long where its header says");
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                -1,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                Long.MAX_VALUE - 7,
                1L << 31,
                100_000_000,
                1_000_000
            })
    void doesNotBelieveTheHeadersLength(long length) throws IOException {
        byte[] whole = honest().bytes();
        SafetensorsFile.littleEndian(8).putLong(length).flip().get(whole, 0, 8);
        Files.write(file, whole);
        assertBroken("header");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "null",
                "[]",
                "17",
                "\"text\"",
                "{",
                "{\"a\"}",
                "{\"a\": {}} x",
                "{} {}",
                "\u0000\u0000"
            })
    void refusesHeadersThatAreNoObject(String header) throws IOException {
        Files.write(file, SafetensorsFile.bytes(header, new byte[0]));
        assertBroken("header");
    }

    @Test
    void refusesHeadersThatAreNestedWithoutEnd() throws IOException {
        Files.write(file, SafetensorsFile.bytes("{\"a\":" + "[".repeat(200_000), new byte[0]));
        assertBroken("header is not valid JSON");
    }

    @Test
    void refusesDuplicateNames() throws IOException {
        String entry = "{\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}";
        Files.write(
                file,
                SafetensorsFile.bytes(
                        "{\"a\": %s, \"a\": %s}".formatted(entry, entry), new byte[4]));
        assertBroken("header is not valid JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "F33", "f32", "F16", "BF16", "U64"})
    void refusesUnknownTypes(String type) {
        lie(honest -> honest.entry("head.bias").put("dtype", type));
        assertBroken("tensor head.bias has the unknown type '" + type + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dtype", "shape", "data_offsets"})
    void refusesEntriesWithoutAField(String field) {
        lie(honest -> honest.entry("head.bias").remove(field));
        assertBroken("tensor head.bias");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dtype", "shape", "data_offsets"})
    void refusesFieldsOfAnotherKind(String field) {
        lie(honest -> honest.entry("head.bias").putObject(field));
        assertBroken("tensor head.bias");
    }

    @ParameterizedTest
    @CsvSource({
        "-1",
        "-9223372036854775808",
        "2147483648",
        "9223372036854775807",
        "1.5",
        "3",
        "1",
        "0"
    })
    void refusesSizesThatAreNotThoseOfTheValues(double size) {
        lie(honest -> honest.entry("head.bias").putArray("shape").add(size));
        assertBroken("tensor head.bias");
    }

    @ParameterizedTest
    @CsvSource({"-1", "2147483648", "9223372036854775807", "3", "1", "0"})
    void refusesWholeSizesThatAreNotThoseOfTheValues(long size) {
        lie(honest -> honest.entry("head.bias").putArray("shape").add(size));
        assertBroken("tensor head.bias");
    }

    @Test
    void refusesShapesWhoseProductOverflows() {
        lie(honest -> honest.entry("head.bias").putArray("shape").add(1 << 16).add(1 << 16));
        assertBroken("tensor head.bias");
        lie(
                honest ->
                        honest.entry("head.bias")
                                .putArray("shape")
                                .add(1 << 30)
                                .add(1 << 30)
                                .add(16));
        assertBroken("tensor head.bias");
    }

    @ParameterizedTest
    @CsvSource({
        "-16, 0", // before the values
        "24, 23", // backwards
        "24, 41", // one byte too many
        "24, 1000000", // beyond the file
        "24, 9223372036854775807",
        "9223372036854775806, 9223372036854775807",
        "20, 36", // over the tensor before
        "28, 44", // a hole before, and over the tensor after
        "24, 24" // nothing
    })
    void refusesOffsetsThatCannotBe(long begin, long end) {
        lie(honest -> honest.entry("head.bias").putArray("data_offsets").add(begin).add(end));
        assertBroken("is damaged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[0]", "[0, 8, 16]", "[0.5, 8]", "[\"0\", \"8\"]", "[null, 8]"})
    void refusesOffsetsThatAreNoPairOfWholeNumbers(String offsets) throws IOException {
        Files.write(
                file,
                SafetensorsFile.bytes(
                        "{\"head.bias\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": %s}}"
                                .formatted(offsets),
                        new byte[8]));
        assertBroken("tensor head.bias");
    }

    @Test
    void refusesTensorsThatShareTheirValues() {
        lie(
                honest -> {
                    honest.header().remove("head.bias");
                    honest.header().set("twin", honest.entry("codes").deepCopy());
                });
        assertBroken("overlap or leave holes");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void refusesWeightsThatAreNoNumbers(float value) {
        new SafetensorsFile().floats("head.weight", new int[] {2, 2}, 1, 2, value, 4).write(file);
        Safetensors tensors = Safetensors.open(file);
        assertThatThrownBy(() -> tensors.tensor("head.weight"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("tensor head.weight holds " + value + " at element 2");
        assertThat(tensors.values("head.weight").values()).containsExactly(1, 2, value, 4);
    }

    @Test
    void refusesWeightsThatOverflowFloats() {
        new SafetensorsFile().doubles("w", new int[] {1}, 1e300).write(file);
        assertThatThrownBy(() -> Safetensors.open(file).tensor("w"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("tensor w");
    }

    @Test
    void refusesIntegersForWeights() {
        honest().write(file);
        assertThatThrownBy(() -> Safetensors.open(file).tensor("codes"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("tensor codes is of type I64");
    }

    @Test
    void namesTheMissingTensor() {
        honest().write(file);
        Safetensors tensors = Safetensors.open(file);
        assertThatThrownBy(() -> tensors.tensor("tail.weight"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(file + " has no tensor tail.weight");
        assertThatThrownBy(() -> tensors.shape("tail.weight"))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void noticesThatTheFileHasShrunkSinceItWasOpened() throws IOException {
        honest().write(file);
        Safetensors tensors = Safetensors.open(file);
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 60));
        assertThatThrownBy(() -> tensors.tensor("head.weight"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("shorter");
    }

    /** Whatever happens to a file, it is read or refused: nothing else, and in little memory. */
    @Test
    void survivesMutation() throws IOException {
        SplittableRandom random = new SplittableRandom(42);
        byte[] whole = honest().bytes();
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] mutant = mutate(whole, random);
            // truncating a file makes some file systems write it out at once
            Files.deleteIfExists(file);
            Files.write(file, mutant);
            try {
                Safetensors tensors = Safetensors.open(file);
                for (String name : tensors.names()) {
                    assertThat(tensors.values(name).values().length).isLessThan(mutant.length);
                    assertThat(Tensor.size(tensors.shape(name))).isLessThan(mutant.length);
                    if (!tensors.isInteger(name)) {
                        tensors.tensor(name);
                    }
                }
            } catch (InvalidInputException e) {
                refused++;
                assertThat(e).hasMessageContaining(file.toString());
                assertThat(e.getMessage()).doesNotContain("\n");
            }
        }
        assertThat(refused).isBetween(5_000, 9_999);
    }

    private static byte[] mutate(byte[] whole, SplittableRandom random) {
        byte[] mutant = whole.clone();
        int headerEnd = 8 + ByteBuffer.wrap(whole).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt();
        for (int edits = random.nextInt(1, 4); edits > 0; edits--) {
            int at = random.nextInt(random.nextInt(4) == 0 ? mutant.length : headerEnd);
            at = Math.min(at, mutant.length - 1);
            switch (random.nextInt(5)) {
                case 0 -> mutant[at] = (byte) random.nextInt();
                case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> mutant[at] = (byte) ('0' + random.nextInt(10));
                case 3 ->
                        mutant =
                                Arrays.copyOf(
                                        mutant, Math.max(1, mutant.length - random.nextInt(20)));
                default -> {
                    byte[] piece = "9-{}[],:\"e.null".getBytes(StandardCharsets.UTF_8);
                    mutant[at] = piece[random.nextInt(piece.length)];
                }
            }
        }
        return mutant;
    }

    private static SafetensorsFile honest() {
        return new SafetensorsFile()
                .floats("head.weight", new int[] {2, 3}, 1, 2, 3, 4, 5, -6.5f)
                .doubles("head.bias", new int[] {2}, 0.1, 0.2)
                .longs("codes", new int[] {2, 1}, 3, -1)
                .floats("loss", new int[] {}, 0.25f);
    }

    private void lie(Consumer<SafetensorsFile> lie) {
        SafetensorsFile honest = honest();
        lie.accept(honest);
        honest.write(file);
    }

    private void assertBroken(String why) {
        assertThatThrownBy(() -> Safetensors.open(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(why)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }
}
