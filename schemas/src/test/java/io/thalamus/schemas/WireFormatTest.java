/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.thalamus.schemas.WireFormatException.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WireFormatTest {

    static List<WireRecord> examples() {
        return Examples.ALL;
    }

    @Test
    void everyTypeOfRecordHasAnExample() {
        assertThat(Examples.ALL.stream().map(Object::getClass))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(WireRecord.class.getPermittedSubclasses()).toList());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void givesEveryRecordBack(WireRecord record) throws Exception {
        byte[] bytes = WireFormat.encode(record);
        assertThat(WireFormat.decode(bytes)).isEqualTo(record);
        assertThat(WireFormat.decode(bytes, record.getClass())).isEqualTo(record);
        assertThat(WireFormat.encode(record)).isEqualTo(bytes);
    }

    @Test
    void aDeadLetterKeepsTheKeyAndTheHeadersOfItsRecord() throws Exception {
        DeadLetter letter =
                new DeadLetter(
                        "frames",
                        1,
                        2,
                        3,
                        "source",
                        "CORRUPT",
                        "why",
                        new byte[] {4},
                        new byte[] {5},
                        List.of(
                                new DeadLetter.Header("a", new byte[] {6}),
                                new DeadLetter.Header("a", null)));
        assertThat(WireFormat.decode(WireFormat.encode(letter))).isEqualTo(letter);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isTheSingleObjectEncodingThatAvroReadsAndWrites(WireRecord record) throws Exception {
        var schema = Schemas.current(record.getClass());
        byte[] bytes = WireFormat.encode(record);
        var decoder = new BinaryMessageDecoder<GenericRecord>(GenericData.get(), schema);
        GenericRecord read = decoder.decode(bytes);
        assertThat(AvroRecords.fromAvro(read)).isEqualTo(record);
        var encoder = new BinaryMessageEncoder<GenericRecord>(GenericData.get(), schema);
        assertThat(encoder.encode(AvroRecords.toAvro(record)).array()).isEqualTo(bytes);
    }

    @Test
    void keepsTheBitsOfEverySample() throws Exception {
        int[] bits = {
            0, 0x8000_0000, 1, 0x7f7f_ffff, 0x7f80_0000, 0xff80_0000, 0x7fc0_0000, 0x3dcc_cccd
        };
        SignalFrame decoded = roundTrip(frame(floats(bits)));
        assertThat(bitsOf(decoded.samples())).isEqualTo(bits);
    }

    @Test
    void audioTakesTwoBytesASample() throws Exception {
        float[] samples = new float[65_536];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (i - 32_768) / 32_768f;
        }
        SignalFrame audio = frame(samples);
        byte[] bytes = WireFormat.encode(audio);
        assertThat(bytes).hasSizeBetween(2 * samples.length, 2 * samples.length + 100);
        assertThat(WireFormat.decode(bytes)).isEqualTo(audio);
    }

    static Stream<Arguments> nearlyAudio() {
        return Stream.of(
                Arguments.of("one", 1f),
                Arguments.of("beyond", -32_769f / 32_768),
                Arguments.of("between two steps", 0.5f / 32_768),
                Arguments.of("negative zero", -0f),
                Arguments.of("missing", Float.NaN),
                Arguments.of("infinite", Float.NEGATIVE_INFINITY));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nearlyAudio")
    void oneSampleThatIsNotSixteenBitKeepsTheFrameInFloat(String name, float odd) throws Exception {
        float[] samples = new float[1000];
        samples[999] = odd;
        SignalFrame frame = frame(samples);
        byte[] bytes = WireFormat.encode(frame);
        assertThat(bytes).hasSizeGreaterThan(4 * samples.length);
        assertThat(WireFormat.decode(bytes)).isEqualTo(frame);
    }

    @Property
    void noFrameLosesABit(@ForAll List<@IntRange(min = -40_000, max = 40_000) Integer> steps)
            throws Exception {
        float[] samples = new float[steps.size() + 1];
        for (int i = 0; i < steps.size(); i++) {
            samples[i] = steps.get(i) / 32_768f;
        }
        SignalFrame frame = frame(samples);
        assertThat(roundTrip(frame)).isEqualTo(frame);
    }

    @Test
    void readsIntegersOfAnyScale() throws Exception {
        ByteBuffer samples = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        samples.putShort((short) -3).putShort((short) 500).flip();
        SignalFrame frame =
                (SignalFrame)
                        decodeChanged(
                                frame(1, 2),
                                avro -> {
                                    avro.put("encoding", symbol(avro, "encoding", "INT16"));
                                    avro.put("scale", 0.25f);
                                    avro.put("samples", samples);
                                });
        assertThat(frame.samples()).containsExactly(-0.75f, 125f);
    }

    @Test
    void refusesBytesThatAreNoRecord() {
        assertFault(null, Fault.NOT_A_RECORD, "the record is empty");
        assertFault(new byte[0], Fault.NOT_A_RECORD, "the record is empty");
        assertFault(
                "{\"streamId\":1}".getBytes(),
                Fault.NOT_A_RECORD,
                "the 14 bytes do not start with C3 01 and a schema fingerprint, so they are not in"
                        + " Avro's single-object encoding");
        byte[] header = Arrays.copyOf(WireFormat.encode(Examples.FRAME), 9);
        assertFault(header, Fault.NOT_A_RECORD, null);
    }

    @Test
    void refusesASchemaItDoesNotKnow() {
        byte[] bytes = WireFormat.encode(Examples.FRAME);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(2, 0x0123_4567_89ab_cdefL);
        assertFault(
                bytes,
                Fault.UNKNOWN_SCHEMA,
                "the record's schema, fingerprint 0123456789abcdef, is of no version up to this"
                        + " one: a newer version wrote it, or another program");
    }

    @Test
    void refusesTheWrongType() {
        assertThatThrownBy(
                        () ->
                                WireFormat.decode(
                                        WireFormat.encode(Examples.FORECAST), SignalFrame.class))
                .isInstanceOf(WireFormatException.class)
                .hasMessage("the record is of type Forecast and not SignalFrame");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void refusesEveryTruncation(WireRecord record) {
        byte[] bytes = WireFormat.encode(record);
        for (int length = 10; length < bytes.length; length++) {
            assertFault(Arrays.copyOf(bytes, length), Fault.CORRUPT, null);
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void refusesTrailingBytes(WireRecord record) {
        byte[] bytes = WireFormat.encode(record);
        assertFault(
                Arrays.copyOf(bytes, bytes.length + 1),
                Fault.CORRUPT,
                "the "
                        + record.getClass().getSimpleName()
                        + " is followed by bytes that do not belong to it");
    }

    @Test
    void refusesALyingLengthWithoutAllocatingIt() {
        byte[] bytes = WireFormat.encode(Examples.ALL.get(6));
        // The first field is the stream's id: its length becomes 2^30.
        byte[] lying = {bytes[0], bytes[1], 0, 0, 0, 0, 0, 0, 0, 0, -128, -128, -128, -128, 8, 's'};
        System.arraycopy(bytes, 2, lying, 2, 8);
        assertFault(lying, Fault.CORRUPT, null);
    }

    @Property(tries = 3000)
    void anyDamageIsToldAsSuchOrGivesARecord(
            @ForAll @IntRange(min = 0, max = 9) int example,
            @ForAll @IntRange(min = 10, max = 200) int position,
            @ForAll byte value) {
        byte[] bytes = WireFormat.encode(Examples.ALL.get(example));
        bytes[10 + position % (bytes.length - 10)] = value;
        try {
            WireRecord record = WireFormat.decode(bytes);
            assertThat(WireFormat.encode(record)).isNotEmpty();
        } catch (WireFormatException e) {
            assertThat(e.fault()).isIn(Fault.CORRUPT, Fault.INCONSISTENT);
            assertThat(e.getMessage()).startsWith("the ");
        }
    }

    static Stream<Arguments> contradictions() {
        return Stream.of(
                contradiction(
                        "no channels",
                        Examples.FRAME,
                        avro -> avro.put("channels", List.of()),
                        "the SignalFrame of stream transformer-1 has no channels"),
                contradiction(
                        "no samples",
                        Examples.FRAME,
                        avro -> {
                            avro.put("length", 0);
                            avro.put("samples", ByteBuffer.allocate(0));
                        },
                        "the SignalFrame of stream transformer-1 has the length 0, which must be"
                                + " positive"),
                contradiction(
                        "a byte short",
                        Examples.FRAME,
                        avro -> avro.put("samples", ByteBuffer.allocate(23)),
                        "the SignalFrame of stream transformer-1 has 23 bytes of samples, not the"
                                + " 2 x 3 values of 4 bytes that it announces"),
                contradiction(
                        "an absurd length",
                        Examples.FRAME,
                        avro -> avro.put("length", 1 << 20),
                        "the SignalFrame of stream transformer-1 has 24 bytes of samples, not the"
                                + " 2 x 1048576 values of 4 bytes that it announces"),
                contradiction(
                        "an impossible rate",
                        Examples.FRAME,
                        avro -> ((GenericRecord) avro.get("rate")).put("denominator", -1L),
                        "the SignalFrame of stream transformer-1 has an impossible rate: a sample"
                                + " rate is a positive ratio, not 1/-1"),
                contradiction(
                        "no time",
                        Examples.FRAME,
                        avro -> avro.put("startNanos", Long.MAX_VALUE),
                        "the SignalFrame of stream transformer-1 ends beyond the last time or"
                                + " sequence number that there is: 3 samples at 1/3600 Hz from"
                                + " sample 17420 at 9223372036854775807 ns"),
                contradiction(
                        "no sequence",
                        Examples.FRAME,
                        avro -> avro.put("sequence", Long.MAX_VALUE),
                        null),
                contradiction(
                        "no scale",
                        Examples.AUDIO,
                        avro -> avro.put("scale", Float.NaN),
                        "the SignalFrame of stream microphone has the scale NaN, which must be"
                                + " positive"),
                contradiction(
                        "a short forecast",
                        Examples.FORECAST,
                        avro -> avro.put("horizon", 3),
                        "the Forecast of stream transformer-1 has 16 bytes of values, not the 2 x 3"
                                + " values of 4 bytes that it announces"),
                contradiction(
                        "scores of fewer channels",
                        Examples.ALL.get(2),
                        avro -> avro.put("channels", List.of("x")),
                        "the AnomalyScore of stream pump has 16 bytes of byChannel, not the 1 x 2"
                                + " values of 4 bytes that it announces"),
                contradiction(
                        "a class without probability",
                        Examples.ALL.get(4),
                        avro -> avro.put("classes", List.of("wet", "dry", "none")),
                        "the Classification of stream cough has 8 bytes of probabilities, not the"
                                + " 1 x 3 values of 4 bytes that it announces"),
                contradiction(
                        "a code outside the book",
                        Examples.ALL.get(5),
                        avro -> avro.put("codebookSize", 2047),
                        "the TokenFrame of stream seeg holds the code 2047, outside its codebook of"
                                + " 2047"),
                contradiction(
                        "no codes",
                        Examples.ALL.get(5),
                        avro -> avro.put("codes", List.of()),
                        "the TokenFrame of stream seeg is empty"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("contradictions")
    void refusesContradictions(
            String name, WireRecord record, Consumer<GenericRecord> change, String message) {
        WireFormatException refusal =
                catchThrowableOfType(
                        WireFormatException.class, () -> decodeChanged(record, change));
        assertThat(refusal.fault()).isEqualTo(Fault.INCONSISTENT);
        if (message != null) {
            assertThat(refusal).hasMessage(message);
        }
    }

    @Test
    void namesTheComponentThatIsNull() {
        assertThatThrownBy(() -> WireFormat.encode(new Annotation("s", 0, 0, null)))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("Annotation.text is null");
        assertThatThrownBy(() -> WireFormat.encode(new ControlCommand("*", 0, null, "")))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("ControlCommand.kind is null");
    }

    @Test
    void everySchemaHasItsOwnFingerprint() {
        var fingerprints = new HashSet<Long>();
        Schemas.types()
                .forEach(
                        type ->
                                fingerprints.add(
                                        SchemaNormalization.parsingFingerprint64(
                                                Schemas.current(type))));
        assertThat(fingerprints).hasSize(Examples.ALL.size());
    }

    private static Arguments contradiction(
            String name, WireRecord record, Consumer<GenericRecord> change, String message) {
        return Arguments.of(name, record, change, message);
    }

    private static WireRecord decodeChanged(WireRecord record, Consumer<GenericRecord> change)
            throws IOException {
        GenericRecord avro = AvroRecords.toAvro(record);
        change.accept(avro);
        var encoder = new BinaryMessageEncoder<GenericRecord>(GenericData.get(), avro.getSchema());
        return WireFormat.decode(encoder.encode(avro).array());
    }

    private static Object symbol(GenericRecord avro, String field, String name) {
        return new GenericData.EnumSymbol(avro.getSchema().getField(field).schema(), name);
    }

    private static void assertFault(byte[] bytes, Fault fault, String message) {
        WireFormatException refusal =
                catchThrowableOfType(WireFormatException.class, () -> WireFormat.decode(bytes));
        assertThat(refusal).isNotNull();
        assertThat(refusal.fault()).isEqualTo(fault);
        if (message != null) {
            assertThat(refusal).hasMessage(message);
        }
    }

    private static SignalFrame roundTrip(SignalFrame frame) throws WireFormatException {
        return WireFormat.decode(WireFormat.encode(frame), SignalFrame.class);
    }

    private static SignalFrame frame(float... samples) {
        return new SignalFrame("s", 0, 0, 0, SampleRate.ofHertz(16_000), List.of("a"), samples, 0);
    }

    private static float[] floats(int[] bits) {
        float[] floats = new float[bits.length];
        for (int i = 0; i < bits.length; i++) {
            floats[i] = Float.intBitsToFloat(bits[i]);
        }
        return floats;
    }

    private static int[] bitsOf(float[] floats) {
        int[] bits = new int[floats.length];
        for (int i = 0; i < floats.length; i++) {
            bits[i] = Float.floatToRawIntBits(floats[i]);
        }
        return bits;
    }
}
