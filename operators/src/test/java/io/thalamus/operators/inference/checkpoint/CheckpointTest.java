/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    static final Path FILES = Path.of("src/test/resources/checkpoint");

    @TempDir private Path folder;

    /** As the authors of MossFormer2 publish them: bare, and beside the state of the optimizer. */
    @ParameterizedTest
    @ValueSource(strings = {"pytorch_model.pt", "model.ckpt-7-1234.pt"})
    void oneFileHoldsTheWeightsOfTheReference(String file) {
        Map<String, Tensor> weights =
                WeightNames.of("mossformer2", Checkpoint.read(FILES.resolve(file)).weights());
        assertThat(weights).hasSize(109);
        assertSame(weights, "");
    }

    @ParameterizedTest
    @CsvSource({
        "encoder.ckpt, encoder., 1",
        "masknet.ckpt, masknet., 107",
        "masknet.legacy.ckpt, masknet., 107",
        "decoder.ckpt, decoder., 1"
    })
    void aPartHoldsItsWeights(String file, String prefix, int count) {
        Map<String, Tensor> weights = Checkpoint.read(FILES.resolve(file)).weights();
        assertThat(weights).hasSize(count);
        assertSame(weights, prefix);
    }

    private static void assertSame(Map<String, Tensor> found, String prefix) {
        Safetensors reference = Safetensors.open(FILES.resolve("weights.safetensors"));
        long known = reference.names().stream().filter(name -> name.startsWith(prefix)).count();
        assertThat((long) found.size()).isEqualTo(known);
        found.forEach(
                (name, tensor) -> {
                    Tensor expected = reference.tensor(prefix + name);
                    assertThat(tensor.shape()).as(name).isEqualTo(expected.shape());
                    assertThat(bits(tensor)).as(name).isEqualTo(bits(expected));
                });
    }

    private static int[] bits(Tensor tensor) {
        int[] bits = new int[tensor.size()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(tensor.data()[i]);
        }
        return bits;
    }

    @ParameterizedTest
    @ValueSource(strings = {"types.pt", "types.legacy.pt"})
    void tensorsOfEveryKindAreReadAsPyTorchReadsThem(String file) throws IOException {
        Checkpoint checkpoint = Checkpoint.read(FILES.resolve(file));

        JsonNode told = new ObjectMapper().readTree(FILES.resolve("types.json").toFile());
        assertThat(checkpoint.weights()).hasSize(told.size());
        told.properties()
                .forEach(
                        entry -> {
                            Tensor tensor = checkpoint.weights().get(entry.getKey());
                            JsonNode values = entry.getValue().path("values");
                            assertThat(tensor.shape())
                                    .as(entry.getKey())
                                    .isEqualTo(
                                            new ObjectMapper()
                                                    .convertValue(
                                                            entry.getValue().path("shape"),
                                                            int[].class));
                            assertThat(tensor.size()).isEqualTo(values.size());
                            for (int i = 0; i < tensor.size(); i++) {
                                assertThat(tensor.data()[i])
                                        .as("%s[%d]", entry.getKey(), i)
                                        .isEqualTo((float) values.get(i).asDouble());
                            }
                        });
        assertThat(checkpoint.leftOut()).containsExactly("count", "mask");
    }

    @Test
    void aPickledModuleIsRefusedByName() {
        assertThatThrownBy(() -> Checkpoint.read(FILES.resolve("module.pt")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("module.pt cannot be read as a checkpoint")
                .hasMessageContaining("torch.nn.modules.linear.Linear, which is not allowed")
                .hasMessageContaining("save model.state_dict()");
    }

    /** Each would run something, or reach somewhere, if it were believed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "cposix~system~X\\x04\\0\\0\\0exit\\x85R.|posix.system, which is not allowed",
                "cbuiltins~eval~.|builtins.eval, which is not allowed",
                "ctorch~load~.|torch.load, which is not allowed",
                "ccollections~OrderedDict~K\\x01\\x85R.|calls collections.OrderedDict in an unknown"
                        + " way",
                "ctorch~FloatStorage~)R.|calls torch.FloatStorage in an unknown way",
                "K\\x01K\\x02R.|its pickle is broken",
                "}K\\x01b.|it sets the state of something",
                "K\\x01}b.|it sets the state of something",
                "\\x93.|instruction 0x93",
                "\\x81.|instruction 0x81",
                "i.|instruction 0x69",
                "}]K\\x01s.|neither a text nor a whole number",
                "}(K\\x01u.|its pickle is broken",
                "K\\x01Q.|no storage of values",
                "h\\x07.|its pickle is broken",
                ".|its pickle is broken",
                "(.|its pickle is broken",
                "u.|its pickle is broken",
                "}}.|leaves values over",
                "}|ends too early",
                "X\\xff\\xff\\xff\\x7fab.|ends too early",
                "X\\xff\\xff\\xff\\xffab.|ends too early",
                "\\x80\\x04}.|protocol 4",
                "K\\x01.|holds no dictionary of weights",
                "].|holds no dictionary of weights",
                "}.|holds no weights",
                "}X\\x01\\0\\0\\0aK\\x01s.|a is no tensor",
                "}X\\x02\\0\\0\\0a~K\\x01s.|a? is no tensor",
                "]q\\x01h\\x01a.|holds no dictionary of weights",
            })
    void whatIsNoDictionaryOfWeightsIsRefused(String pickle, String message) throws IOException {
        assertRefused(new CheckpointFile(folder).pickle(bytes(pickle)).write(), message);
    }

    /** Shape, stride, offset and size of the storage, of which there are four values. */
    @ParameterizedTest
    @CsvSource({
        "2 2, 2 1, 1, 4, reaches beyond its storage of 4 values",
        "5, 1, 0, 4, reaches beyond its storage of 4 values",
        "5, 0, 0, 4, reaches beyond its storage of 4 values",
        "2, 4, 0, 4, reaches beyond its storage of 4 values",
        "2 2, 2 -1, 1, 4, reaches beyond its storage",
        "-1, 1, 0, 4, reaches beyond its storage",
        "2 2, 2, 0, 4, does not lie in its storage",
        "1, 1, -1, 4, does not lie in its storage",
        "1, 1, 5, 4, does not lie in its storage",
        "1, 1, 4, 4, reaches beyond its storage",
        "4294967296 4294967296, 0 0, 0, 4, reaches beyond its storage",
        "2147483647 2147483647 2147483647, 0 0 0, 0, 2147483647, reaches beyond its storage",
        "4194304 2097152 2097152, 0 0 0, 0, 4, reaches beyond its storage",
        "2 2, 9223372036854775807 9223372036854775807, 0, 4, reaches beyond its storage",
        "5, 1, 0, 5, storage 0 has 16 bytes where 20 are said to be",
        "4, 1, 0, -4, no storage of values",
        "4, 1, 0, 9223372036854775807, no storage of values"
    })
    void tensorsOutsideOfTheirStorageAreRefused(
            String shape, String stride, long offset, long size, String message)
            throws IOException {
        assertRefused(
                file("FloatStorage", size, offset, longs(shape), longs(stride), 1, 2, 3, 4),
                message);
    }

    @Test
    void tensorsWithinTheirStorageAreRead() throws IOException {
        long[] two = {2, 2};
        Path file = file("FloatStorage", 4, 0, two, new long[] {1, 2}, 1, 2, 3, 4);
        assertThat(Checkpoint.read(file).weights().get("w").data()).containsExactly(1, 3, 2, 4);
        file = file("FloatStorage", 4, 3, new long[0], new long[0], 1, 2, 3, 4);
        assertThat(Checkpoint.read(file).weights().get("w").data()).containsExactly(4);
        file = file("FloatStorage", 4, 1, new long[] {3}, new long[] {0}, 1, 2, 3, 4);
        assertThat(Checkpoint.read(file).weights().get("w").data()).containsExactly(2, 2, 2);
    }

    private Path file(
            String type, long size, long offset, long[] shape, long[] stride, float... values)
            throws IOException {
        return new CheckpointFile(folder)
                .tensor(type, size, offset, shape, stride, CheckpointFile.floats(values))
                .write();
    }

    private static long[] longs(String text) {
        return Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    @Test
    void valuesThatNoNetworkHasAreRefused() throws IOException {
        long[] four = {4};
        long[] one = {1};
        assertRefused(
                file("FloatStorage", 4, 0, four, one, 1, 2, Float.NaN, 4), "tensor w holds NaN");
        assertRefused(file("LongStorage", 2, 0, one, one, 1, 2, 3, 4), "it holds no weights");
        assertRefused(
                file("ComplexFloatStorage", 2, 0, one, one, 1, 2, 3, 4),
                "torch.ComplexFloatStorage, which is not allowed");
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        byte[] nothing = bytes("}.");
        assertRefused(
                new CheckpointFile(folder).pickle(nothing).compressed().write(), "is compressed");
        assertRefused(
                new CheckpointFile(folder).pickle(nothing).entry("byteorder", bytes("big")).write(),
                "big-endian");
        assertRefused(
                new CheckpointFile(folder).entry("data/0", nothing).write(), "without data.pkl");
        Path file = folder.resolve("any.pt");
        assertRefused(Files.write(file, bytes("{}")), "does not begin as what torch.save writes");
        assertRefused(Files.write(file, new byte[0]), "does not begin");
        assertRefused(Files.write(file, bytes("PK\\x03\\x04...")), "cannot be read");
        assertRefused(folder.resolve("none.pt"), "does not exist");
        byte[] legacy = Files.readAllBytes(FILES.resolve("types.legacy.pt"));
        assertRefused(Files.write(file, Arrays.copyOf(legacy, legacy.length - 1)), "ends within");
        assertRefused(Files.write(file, Arrays.copyOf(legacy, 40)), "ends too early");
        byte[] other = legacy.clone();
        other[18]++; // the version of the container
        assertRefused(Files.write(file, other), "of another version than 1001");
    }

    @Test
    void aStorageHasAsManyValuesAsItsTensorsAreTold() throws Exception {
        byte[] legacy = Files.readAllBytes(FILES.resolve("types.legacy.pt"));
        ByteBuffer pickles = ByteBuffer.wrap(legacy);
        for (int pickle = 0; pickle < 5; pickle++) {
            Unpickler.read(pickles);
        }
        Path file = folder.resolve("any.pt");
        for (int change : new int[] {-1, 1}) {
            byte[] other = legacy.clone();
            other[pickles.position()] += (byte) change;
            assertRefused(Files.write(file, other), "values where");
        }
    }

    /** One storage under ten thousand names would be a hundred times the file. */
    @Test
    void aSmallFileDoesNotBecomeALargeOne() throws IOException {
        float[] values = new float[1000];
        StringBuilder pickle = new StringBuilder();
        Path one = file("FloatStorage", 1000, 0, new long[] {1000}, new long[] {1}, values);
        assertThat(Checkpoint.read(one).weights()).hasSize(1);
        byte[] whole = pickle(one);
        String tensor =
                new String(whole, 9, whole.length - 11, StandardCharsets.ISO_8859_1) + "q\1";
        pickle.append("\u0080\u0002}").append("X\1\0\0\0w").append(tensor).append('s');
        for (int i = 0; i < 99; i++) {
            pickle.append("X\2\0\0\0%02dh\1s".formatted(i));
        }
        assertRefused(
                new CheckpointFile(folder)
                        .pickle((pickle + ".").getBytes(StandardCharsets.ISO_8859_1))
                        .entry("data/0", CheckpointFile.floats(values))
                        .write(),
                "more values than it has bytes");
    }

    private static byte[] pickle(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.getInputStream(zip.getEntry("any/data.pkl")).readAllBytes();
        }
    }

    @Test
    void twoNamesOfOneWeightAreRefused() {
        Map<String, Integer> both = Map.of("enc.conv1d.weight", 1, "encoder.conv1d.weight", 2);
        assertThatThrownBy(() -> WeightNames.of("mossformer2", both))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("encoder.conv1d.weight twice");
        assertThat(WeightNames.of("timesnet", both)).isEqualTo(both);
    }

    static byte[] bytes(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '~') {
                plain.append('\n');
            } else if (c != '\\') {
                plain.append(c);
            } else if (text.charAt(i + 1) == '0') {
                plain.append('\0');
                i++;
            } else {
                plain.append((char) Integer.parseInt(text.substring(i + 2, i + 4), 16));
                i += 3;
            }
        }
        return plain.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> Checkpoint.read(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(file.getFileName().toString())
                .hasMessageContaining(message);
    }
}
