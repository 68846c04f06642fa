/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.InvalidInputException;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * The bytes of a file through one buffer of fixed size. Reading beyond the end is an {@link
 * InvalidInputException} that names the file, the byte and the part of the file that is incomplete,
 * so a format's reader has no checks of its own for that. Nothing is allocated here for what a file
 * claims: callers bring their arrays, or ask for a few bytes.
 */
final class BinaryFile implements Closeable {

    /** Bytes that {@link #bytes} and {@link #ascii} give at most. */
    static final int MOST_BYTES = 1 << 20;

    private static final int CAPACITY = 1 << 16;

    private final Path path;
    private final FSDataInputStream in;
    private final long length;
    private final byte[] buffer = new byte[CAPACITY];

    /**
     * The file's bytes {@code [offset, offset + filled)} are in the buffer; {@code next} is due.
     */
    private long offset;

    private int filled;
    private int next;
    private String part = "content";

    private BinaryFile(Path path, FSDataInputStream in, long length) {
        this.path = path;
        this.in = in;
        this.length = length;
    }

    /** Opens a file at its first byte. */
    static BinaryFile open(Path path) throws IOException {
        FileSystem fileSystem = path.getFileSystem();
        try {
            long length = fileSystem.getFileStatus(path).getLen();
            return new BinaryFile(path, fileSystem.open(path), length);
        } catch (FileNotFoundException e) {
            throw unreadable(path, e);
        }
    }

    static InvalidInputException unreadable(Path path, FileNotFoundException cause) {
        return new InvalidInputException(
                "recording '" + path + "' cannot be read: name a file that exists and may be read",
                cause);
    }

    /** Says what is read now, in the words that complete "the file ends within its ...". */
    BinaryFile in(String newPart) {
        part = newPart;
        return this;
    }

    Path path() {
        return path;
    }

    /** The file's size in bytes. */
    long length() {
        return length;
    }

    /** The offset of the byte that is read next. */
    long position() {
        return offset + next;
    }

    long remaining() {
        return length - position();
    }

    /** Goes to a byte of the file, at most to its end. */
    void seek(long target) throws IOException {
        if (target < 0 || target > length) {
            throw ends();
        }
        if (target >= offset && target <= offset + filled) {
            next = (int) (target - offset);
        } else {
            in.seek(target);
            offset = target;
            filled = 0;
            next = 0;
        }
    }

    /** Passes over bytes that have to be there. */
    void skip(long count) throws IOException {
        if (count < 0 || count > remaining()) {
            throw ends();
        }
        seek(position() + count);
    }

    /** Reads as many bytes as are there, at most {@code count}; 0 at the end of the file. */
    int read(byte[] into, int from, int count) throws IOException {
        int done = Math.min(count, filled - next);
        System.arraycopy(buffer, next, into, from, done);
        next += done;
        while (done < count) {
            if (count - done < CAPACITY) {
                if (!fill()) {
                    break;
                }
                int some = Math.min(count - done, filled);
                System.arraycopy(buffer, 0, into, from + done, some);
                next = some;
                done += some;
            } else {
                int some = in.read(into, from + done, count - done);
                if (some < 0) {
                    break;
                }
                offset += filled + some;
                filled = 0;
                next = 0;
                done += some;
            }
        }
        return done;
    }

    /** Fills a part of an array with bytes that have to be there. */
    void readFully(byte[] into, int from, int count) throws IOException {
        if (read(into, from, count) < count) {
            throw ends();
        }
    }

    /** A few bytes that have to be there; more than {@link #MOST_BYTES} are refused. */
    byte[] bytes(long count) throws IOException {
        if (count < 0 || count > MOST_BYTES) {
            throw invalid(
                    "gives its %s the length %d at byte %d, where 0 to %d can be: save it again",
                    part, count, position(), MOST_BYTES);
        }
        if (count > remaining()) {
            throw ends();
        }
        byte[] bytes = new byte[(int) count];
        readFully(bytes, 0, bytes.length);
        return bytes;
    }

    /** A few characters of one byte each. */
    String ascii(int count) throws IOException {
        return new String(bytes(count), StandardCharsets.ISO_8859_1);
    }

    /** Bytes as text: UTF-8, or where they are none, Latin-1 as older programs write. */
    static String text(byte[] bytes, int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
    }

    int u8() throws IOException {
        if (next == filled && !fill()) {
            throw ends();
        }
        return buffer[next++] & 0xff;
    }

    int u16le() throws IOException {
        return u8() | u8() << 8;
    }

    int u16be() throws IOException {
        return u8() << 8 | u8();
    }

    int i32le() throws IOException {
        return u16le() | u16le() << 16;
    }

    int i32be() throws IOException {
        return u16be() << 16 | u16be();
    }

    long u32le() throws IOException {
        return i32le() & 0xffffffffL;
    }

    long u32be() throws IOException {
        return i32be() & 0xffffffffL;
    }

    long i64le() throws IOException {
        return u32le() | u32le() << 32;
    }

    long i64be() throws IOException {
        return u32be() << 32 | u32be();
    }

    /** Drops what is buffered and reads more; false at the end. */
    private boolean fill() throws IOException {
        offset += filled;
        filled = 0;
        next = 0;
        int read = in.read(buffer, 0, CAPACITY);
        filled = Math.max(0, read);
        return read > 0;
    }

    private InvalidInputException ends() {
        return invalid("ends at byte %d within its %s: copy it again", length, part);
    }

    /** The sentence "recording '...' ..." as an exception. */
    InvalidInputException invalid(String what, Object... values) {
        return invalid(path, what, values);
    }

    /** The same of a file that is not open. */
    static InvalidInputException invalid(Path path, String what, Object... values) {
        return new InvalidInputException("recording '" + path + "' " + sentence(what, values));
    }

    /** One line, whatever a file says: that is shown without control codes. */
    static String sentence(String what, Object... values) {
        return String.format(Locale.ROOT, what, values).replaceAll("\\p{Cntrl}", "?");
    }

    /**
     * A piece of the file that cannot be used.
     *
     * @param position its first byte
     * @param reason why, as a format of {@code values}
     */
    Received refused(
            long position,
            long timeNanos,
            byte[] payload,
            String error,
            String reason,
            Object... values) {
        return Received.refused(
                new DeadLetter(
                        path.toString(),
                        0,
                        position,
                        timeNanos,
                        RecordedSource.STAGE,
                        error,
                        sentence(reason, values),
                        payload));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
