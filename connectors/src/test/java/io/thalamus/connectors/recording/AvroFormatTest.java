/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.AvroRecords;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.Examples;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.Schemas;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroFormatTest {
    private static final RecordingOptions OPTIONS = RecordingOptions.defaults();
    private static final Annotation REMARK = new Annotation("night", 5, 7, "spindle");

    @TempDir Path folder;

    @Test
    void everythingOfAFrameSurvives() throws IOException {
        SignalFrame strange =
                new SignalFrame(
                        "a/b",
                        Long.MIN_VALUE,
                        Integer.MIN_VALUE,
                        Long.MIN_VALUE,
                        new SampleRate(48_000, 1001),
                        List.of("", "\u00f6\u0000"),
                        new float[] {Float.intBitsToFloat(0x7fc01234), -0f},
                        127);
        List<WireRecord> records = List.of(Examples.FRAME, REMARK, strange, Examples.AUDIO);

        List<Received> read = new Recording(new AvroFormat(OPTIONS), written(records)).read();

        assertThat(read).containsExactlyElementsOf(received(records));
        assertThat(Float.floatToRawIntBits(read.get(2).frame().samples()[0])).isEqualTo(0x7fc01234);
        assertThat(Float.floatToRawIntBits(read.get(2).frame().samples()[1]))
                .isEqualTo(Float.floatToRawIntBits(-0f));
    }

    @Test
    void theSameRecordsGiveTheSameBytes() throws IOException {
        List<WireRecord> records = AvroFile.records(new Random(1), 0, 100);

        assertThat(bytes(records)).isEqualTo(bytes(records));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "deflate", "zstandard"})
    void readsWhatAvroItselfWrites(String codec) throws IOException {
        List<List<WireRecord>> blocks = blocks(20);

        byte[] bytes = AvroFile.of(CodecFactory.fromString(codec), blocks);

        assertThat(recording(bytes).read())
                .containsExactlyElementsOf(
                        received(blocks.stream().flatMap(List::stream).toList()));
    }

    @Test
    void readsFilesOfFramesAlone() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Schema schema = Schemas.current(SignalFrame.class);
        try (DataFileWriter<GenericRecord> writer =
                new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))) {
            writer.create(schema, out);
            writer.append(AvroRecords.toAvro(Examples.FRAME));
        }

        assertThat(recording(out.toByteArray()).read())
                .containsExactly(Received.frame(Examples.FRAME));
    }

    @Test
    void aBlockIsBoundedWhateverIsPackedInIt() throws IOException {
        Annotation long1 = new Annotation("s", 0, 0, "x".repeat(AvroBlocks.MOST_BYTES));
        byte[] bytes =
                AvroFile.of(
                        CodecFactory.zstandardCodec(1, true),
                        List.of(List.of(long1), List.of(REMARK)));

        List<Received> read = recording(bytes).read();

        assertThat(Recording.annotations(read)).containsExactly(REMARK);
        assertThat(Recording.refused(read))
                .extracting(DeadLetter::reason)
                .singleElement()
                .asString()
                .contains("more than 33554432 bytes are packed in it", "1 records are lost");
    }

    @Test
    void aDamagedBlockCostsItselfAlone() throws IOException {
        List<List<WireRecord>> blocks = blocks(3);
        byte[] whole = AvroFile.of(CodecFactory.zstandardCodec(1, true), blocks);
        int first = mark(whole, 0);
        int second = mark(whole, first);
        int third = mark(whole, second);
        List<WireRecord> others = new ArrayList<>(blocks.get(0));
        others.addAll(blocks.get(2));
        for (int at : new int[] {second, second + 1, second + 12, third - 17, third - 3}) {
            byte[] bytes = whole.clone();
            bytes[at] ^= 0x55;

            List<Received> read = recording(bytes).read();

            List<Received> kept =
                    new ArrayList<>(read.stream().filter(one -> one.deadLetter() == null).toList());
            assertThat(Recording.refused(read))
                    .as("byte %d", at)
                    .singleElement()
                    .satisfies(
                            letter -> {
                                assertThat(letter.position()).isEqualTo(second);
                                assertThat(letter.error()).isEqualTo("bad block");
                                assertThat(letter.timeNanos())
                                        .isEqualTo(
                                                blocks.get(0)
                                                        .get(blocks.get(0).size() - 1)
                                                        .eventNanos());
                                assertThat(letter.payload())
                                        .startsWith(Arrays.copyOfRange(bytes, second, third - 16));
                            });
            // Where the marker itself is damaged, the next one ends the search.
            assertThat(kept)
                    .containsExactlyElementsOf(received(at < third - 16 ? others : blocks.get(0)));
        }
    }

    @Test
    void whatIsCutOffIsTold() throws IOException {
        List<List<WireRecord>> blocks = blocks(2);
        byte[] whole = AvroFile.of(CodecFactory.nullCodec(), blocks);

        List<Received> read = recording(Arrays.copyOf(whole, whole.length - 20)).read();

        assertThat(read.subList(0, read.size() - 1))
                .containsExactlyElementsOf(received(blocks.get(0)));
        assertThat(read.get(read.size() - 1).deadLetter().reason())
                .contains("the file ends within it");
    }

    @Test
    void aRecordThatContradictsItselfIsRefusedAlone() throws IOException {
        SignalFrame frame = Examples.FRAME;
        GenericRecord wrong = AvroRecords.toAvro(frame);
        wrong.put("length", 17);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer =
                new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(AvroHeader.RECORDS))) {
            writer.create(AvroHeader.RECORDS, out);
            writer.append(AvroRecords.toAvro(frame));
            writer.append(wrong);
            writer.append(AvroRecords.toAvro(REMARK));
        }

        List<Received> read = recording(out.toByteArray()).read();

        assertThat(read).hasSize(3).startsWith(Received.frame(frame));
        assertThat(read).endsWith(Received.annotation(REMARK));
        assertThat(read.get(1).deadLetter().reason()).contains("17 values of 4 bytes");
        assertThat(read.get(1).deadLetter().payload()).hasSizeBetween(60, 150);
    }

    @Test
    void channelsAreChosenByName() throws IOException {
        SignalFrame a = frame("a", "x", "y", "z");
        SignalFrame b = frame("b", "u", "v");
        Path file = written(List.of(a, REMARK, b));

        List<Received> read =
                new Recording(new AvroFormat(OPTIONS.withChannels(List.of("z", "x"))), file).read();

        assertThat(read).hasSize(2).contains(Received.annotation(REMARK));
        assertThat(read.get(0).frame().channels()).containsExactly("z", "x");
        assertThat(read.get(0).frame().samples()).containsExactly(4, 5, 0, 1);
        assertThat(new Recording(new AvroFormat(OPTIONS), file).describe().streams())
                .extracting(StreamDescription::streamId)
                .containsExactly("a", "b");
        new Recording(new AvroFormat(OPTIONS.withChannels(List.of("w"))), file)
                .assertInvalid(
                        "has no channel 'w': its channels are [x, y, z, u, v]; name those to read");
    }

    @Test
    void whatIsNoRecordingIsRefusedInOneSentence() throws IOException {
        assertInvalid(
                "Obj\u0001".getBytes(StandardCharsets.ISO_8859_1),
                "ends at byte 4 within its header: copy it again");
        assertInvalid(
                new byte[] {'O', 'b', 'j', 2},
                "is no Avro container file: it does not begin with Obj and 1; write it with"
                        + " thalamus record");
        Schema other = Schemas.current(Forecast.class);
        assertInvalid(
                header(other, CodecFactory.nullCodec()),
                "holds records 'io.thalamus.schemas.Forecast', which are no frames or annotations"
                        + " of a version up to this one: read it with the program that wrote it");
        assertInvalid(
                header(AvroHeader.RECORDS, CodecFactory.bzip2Codec()),
                "has blocks packed with 'bzip2': write it with zstandard, deflate or null");
    }

    private void assertInvalid(byte[] bytes, String what) throws IOException {
        recording(bytes).assertInvalid(what);
    }

    private static byte[] header(Schema schema, CodecFactory codec) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer =
                new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))) {
            writer.setCodec(codec).create(schema, out);
        }
        return out.toByteArray();
    }

    /** The byte behind the next sync marker. */
    private static int mark(byte[] bytes, int from) {
        int at = from;
        int length = AvroFile.SYNC.length;
        while (!Arrays.equals(bytes, at, at + length, AvroFile.SYNC, 0, length)) {
            at++;
        }
        return at + length;
    }

    private static List<List<WireRecord>> blocks(int count) {
        Random random = new Random(1);
        return IntStream.range(0, count)
                .mapToObj(block -> AvroFile.records(random, block, 5))
                .toList();
    }

    private static SignalFrame frame(String stream, String... channels) {
        float[] samples = new float[2 * channels.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = i;
        }
        return new SignalFrame(
                stream, 0, 0, 0, SampleRate.ofHertz(1), List.of(channels), samples, 0);
    }

    private static List<Received> received(List<WireRecord> records) {
        return records.stream()
                .map(
                        record ->
                                record instanceof SignalFrame frame
                                        ? Received.frame(frame)
                                        : Received.annotation((Annotation) record))
                .toList();
    }

    private Path written(List<? extends WireRecord> records) throws IOException {
        return Files.write(folder.resolve("s.avro"), bytes(records));
    }

    private static byte[] bytes(List<? extends WireRecord> records) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (AvroOutput output = new AvroOutput(out, "s")) {
            for (WireRecord record : records) {
                output.write(record);
            }
        }
        return out.toByteArray();
    }

    private Recording recording(byte[] bytes) throws IOException {
        return new Recording(new AvroFormat(OPTIONS), Files.write(folder.resolve("s.avro"), bytes));
    }
}
