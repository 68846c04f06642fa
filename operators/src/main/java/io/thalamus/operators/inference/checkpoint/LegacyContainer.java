/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The container before PyTorch 1.6: pickles of a magic number, of the container's version, of the
 * machine's properties, of what was saved and of a list of keys, and for each key the number of its
 * values and the values.
 */
final class LegacyContainer implements Container {
    /** The pickle of the magic number. */
    static final byte[] MAGIC = {
        (byte) 0x80,
        2,
        (byte) 0x8a,
        10,
        0x6c,
        (byte) 0xfc,
        (byte) 0x9c,
        0x46,
        (byte) 0xf9,
        0x20,
        0x6a,
        (byte) 0xa8,
        0x50,
        0x19,
        '.'
    };

    private static final long VERSION = 1001;

    private final FileChannel channel;
    private final Unpickler.Pickle saved;

    /** Where the number of values of each storage stands. */
    private final Map<String, Long> places = new HashMap<>();

    private LegacyContainer(FileChannel channel, Unpickler.Pickle saved) {
        this.channel = channel;
        this.saved = saved;
    }

    static LegacyContainer open(Path file) throws Unpickler.Refusal, IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            ByteBuffer head = read(channel, 0, Math.min(channel.size(), LONGEST_PICKLE));
            head.position(MAGIC.length);
            Object version = Unpickler.read(head).value();
            Object machine = Unpickler.read(head).value();
            boolean little =
                    machine instanceof Map<?, ?> properties
                            && Boolean.TRUE.equals(properties.get("little_endian"));
            if (!version.equals(VERSION) || !little) {
                throw new Unpickler.Refusal(
                        "it is of another version than %d, or its values are big-endian"
                                .formatted(VERSION));
            }
            LegacyContainer container = new LegacyContainer(channel, Unpickler.read(head));
            container.findStorages(Unpickler.read(head).value(), head.position());
            return container;
        } catch (IOException | Unpickler.Refusal | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** How wide the values of each are, is told by what was saved. */
    private void findStorages(Object keys, long start) throws Unpickler.Refusal, IOException {
        if (!(keys instanceof List<?> inOrder)) {
            throw new Unpickler.Refusal("it has no list of its storages");
        }
        long place = start;
        for (Object key : inOrder) {
            Storage storage = key instanceof String name ? saved.storages().get(name) : null;
            if (storage == null) {
                throw new Unpickler.Refusal("it has a storage that no tensor looks at");
            }
            places.put(storage.key(), place);
            long count = count(place);
            if (count != storage.size()) {
                throw new Unpickler.Refusal(
                        "storage %s has %,d values where %,d are said to be"
                                .formatted(storage.key(), count, storage.size()));
            }
            place += Long.BYTES + count * storage.type().bytes();
            if (place > channel.size()) {
                throw new Unpickler.Refusal("it ends within storage %s".formatted(storage.key()));
            }
        }
    }

    /** Of values, which are fewer than the file has bytes. */
    private long count(long place) throws Unpickler.Refusal, IOException {
        long count = read(channel, place, Long.BYTES).getLong();
        if (count < 0 || count > channel.size()) {
            throw new Unpickler.Refusal("a storage is said to have %d values".formatted(count));
        }
        return count;
    }

    @Override
    public Object root() {
        return saved.value();
    }

    @Override
    public ByteBuffer values(Storage storage) throws Unpickler.Refusal, IOException {
        Long place = places.get(storage.key());
        if (place == null) {
            throw new Unpickler.Refusal("it has no storage %s".formatted(storage.key()));
        }
        return read(channel, place + Long.BYTES, storage.size() * storage.type().bytes());
    }

    private static ByteBuffer read(FileChannel channel, long place, long length)
            throws Unpickler.Refusal, IOException {
        if (length > channel.size() - place || length > Integer.MAX_VALUE - 8) {
            throw new Unpickler.Refusal("it ends too early");
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, place + buffer.position()) < 0) {
                throw new Unpickler.Refusal("it ends too early");
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
