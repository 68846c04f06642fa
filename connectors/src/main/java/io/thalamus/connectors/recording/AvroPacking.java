/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** How the blocks of an Avro container file are packed; the names are those of Avro. */
enum AvroPacking {
    /** As they are. */
    NULL {
        @Override
        InputStream unpack(InputStream packed) {
            return packed;
        }
    },
    /** RFC 1951, without a sum of its own: damage may go unnoticed. */
    DEFLATE {
        @Override
        InputStream unpack(InputStream packed) {
            Inflater inflater = new Inflater(true);
            return new InflaterInputStream(packed, inflater) {
                @Override
                public void close() throws IOException {
                    super.close();
                    inflater.end(); // a stream ends only an inflater of its own
                }
            };
        }
    },
    /** RFC 8878; what is written here has a sum, so that damage is noticed. */
    ZSTANDARD {
        @Override
        InputStream unpack(InputStream packed) throws IOException {
            return new ZstdInputStreamNoFinalizer(packed, RecyclingBufferPool.INSTANCE)
                    .setLongMax(WINDOW_BITS);
        }
    };

    /** What zstd may ask for natively: no more than a block. */
    private static final int WINDOW_BITS = 25;

    /** Samples shrink to about this part; what shrinks more takes another step. */
    private static final int USUAL = 3;

    private static final int LEAST_BYTES = 1 << 10;

    static Optional<AvroPacking> of(String name) {
        return name.isEmpty()
                ? Optional.of(NULL)
                : Stream.of(values()).filter(one -> one.avroName().equals(name)).findFirst();
    }

    private String avroName() {
        return name().toLowerCase(Locale.ROOT);
    }

    abstract InputStream unpack(InputStream packed) throws IOException;

    /**
     * A block's records. What is allocated grows with what is really there, not with what the block
     * says of itself.
     *
     * @throws IOException if it is damaged, or has more than {@code most} bytes unpacked
     */
    byte[] unpack(byte[] packed, int most) throws IOException {
        try (InputStream in = unpack(new ByteArrayInputStream(packed))) {
            byte[] bytes =
                    new byte[(int) Math.min(most, LEAST_BYTES + (long) USUAL * packed.length)];
            int filled = 0;
            while (true) {
                int some = in.read(bytes, filled, bytes.length - filled);
                if (some < 0) {
                    return Arrays.copyOf(bytes, filled);
                }
                filled += some;
                if (filled == bytes.length) {
                    if (filled == most) {
                        throw new IOException("more than " + most + " bytes are packed in it");
                    }
                    bytes = Arrays.copyOf(bytes, (int) Math.min(most, 2L * filled));
                }
            }
        }
    }
}
