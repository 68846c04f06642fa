/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The container since PyTorch 1.6: a zip of {@code <any>/data.pkl}, {@code <any>/data/<key>} and
 * perhaps {@code <any>/byteorder}, stored without compression.
 */
final class ZipContainer implements Container {
    static final byte[] MAGIC = {'P', 'K', 3, 4};

    private static final String PICKLE = "data.pkl";
    private static final String LITTLE = "little";

    private final ZipFile zip;
    private final long fileSize;
    private final String prefix;

    private ZipContainer(ZipFile zip, long fileSize, String prefix) {
        this.zip = zip;
        this.fileSize = fileSize;
        this.prefix = prefix;
    }

    static ZipContainer open(Path file, long fileSize) throws Unpickler.Refusal, IOException {
        ZipFile zip = new ZipFile(file.toFile());
        try {
            String pickle =
                    zip.stream()
                            .map(ZipEntry::getName)
                            .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            new Unpickler.Refusal(
                                                    "it is a zip without data.pkl, and none of"
                                                            + " PyTorch's"));
            String prefix = pickle.substring(0, pickle.length() - PICKLE.length());
            ZipContainer container = new ZipContainer(zip, fileSize, prefix);
            container.requireLittleEndian();
            return container;
        } catch (IOException | Unpickler.Refusal | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private void requireLittleEndian() throws Unpickler.Refusal, IOException {
        if (zip.getEntry(prefix + "byteorder") == null) {
            return;
        }
        byte[] order = bytes("byteorder", LITTLE.length());
        if (!new String(order, StandardCharsets.US_ASCII).equals(LITTLE)) {
            throw new Unpickler.Refusal("its values are big-endian");
        }
    }

    @Override
    public Object root() throws Unpickler.Refusal, IOException {
        return Unpickler.read(ByteBuffer.wrap(bytes(PICKLE, LONGEST_PICKLE))).value();
    }

    @Override
    public ByteBuffer values(Storage storage) throws Unpickler.Refusal, IOException {
        long wanted = storage.size() * storage.type().bytes();
        byte[] bytes = bytes("data/" + storage.key(), Integer.MAX_VALUE - 8);
        if (bytes.length < wanted) {
            throw new Unpickler.Refusal(
                    "storage %s has %,d bytes where %,d are said to be"
                            .formatted(storage.key(), bytes.length, wanted));
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** An entry, which lies in the file as it is, so that it cannot be larger than the file. */
    private byte[] bytes(String name, int most) throws Unpickler.Refusal, IOException {
        ZipEntry entry = zip.getEntry(prefix + name);
        if (entry == null) {
            throw new Unpickler.Refusal("it has no entry %s%s".formatted(prefix, name));
        }
        if (entry.getMethod() != ZipEntry.STORED) {
            throw new Unpickler.Refusal("its entry %s is compressed".formatted(name));
        }
        long size = entry.getSize();
        if (size < 0 || size > most || size > fileSize) {
            throw new Unpickler.Refusal(
                    "its entry %s is said to have %,d bytes".formatted(name, size));
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes((int) size);
            if (bytes.length < size) {
                throw new Unpickler.Refusal("its entry %s ends too early".formatted(name));
            }
            return bytes;
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
