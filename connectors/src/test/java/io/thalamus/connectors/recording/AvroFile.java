/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.AvroRecords;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/** Avro container files that Avro's own writer makes of our records, for tests. */
final class AvroFile {
    static final byte[] SYNC = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

    private AvroFile() {}

    /** A file with a block for each of these lists. */
    static byte[] of(CodecFactory codec, List<? extends List<? extends WireRecord>> blocks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer =
                new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(AvroHeader.RECORDS))) {
            writer.setCodec(codec).setSyncInterval(1 << 20);
            writer.create(AvroHeader.RECORDS, out, SYNC);
            for (List<? extends WireRecord> block : blocks) {
                for (WireRecord record : block) {
                    writer.append(AvroRecords.toAvro(record));
                }
                writer.sync();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] random(Random random, int blocks) {
        CodecFactory codec =
                switch (random.nextInt(3)) {
                    case 0 -> CodecFactory.nullCodec();
                    case 1 -> CodecFactory.deflateCodec(1);
                    default -> CodecFactory.zstandardCodec(1, true);
                };
        return of(
                codec,
                IntStream.range(0, blocks)
                        .mapToObj(i -> records(random, i, 1 + random.nextInt(5)))
                        .toList());
    }

    /** Frames of two streams whose numbers go up from block to block, and annotations. */
    static List<WireRecord> records(Random random, int block, int count) {
        List<WireRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long sequence = (block * 10L + i) * 20;
            int channels = 1 + random.nextInt(3);
            if (random.nextInt(4) == 0) {
                records.add(new Annotation("s", sequence, random.nextInt(9), "said " + sequence));
            } else {
                records.add(
                        new SignalFrame(
                                random.nextBoolean() ? "s" : "s/t",
                                sequence,
                                block,
                                sequence * 1_000_003,
                                new SampleRate(1 + random.nextInt(2), 3),
                                IntStream.range(0, channels).mapToObj(c -> "ch" + c).toList(),
                                values(random, channels * (1 + random.nextInt(20))),
                                random.nextInt(128)));
            }
        }
        return records;
    }

    private static float[] values(Random random, int count) {
        float[] values = new float[count];
        boolean audio = random.nextBoolean();
        for (int i = 0; i < count; i++) {
            values[i] =
                    audio
                            ? (random.nextInt(65536) - 32768) / 32768f
                            : (float) random.nextGaussian();
        }
        if (!audio && random.nextBoolean()) {
            values[0] = Float.NaN;
        }
        return values;
    }
}
