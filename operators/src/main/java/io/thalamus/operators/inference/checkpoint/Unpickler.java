/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.checkpoint;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the values of a pickle of protocol 2, as far as they stand in what PyTorch saves: numbers,
 * texts, lists, tuples, dictionaries and tensors. Any other instruction, and any other name of a
 * function or class than those of {@link #ALLOWED} and {@link StorageType}, is refused; of those,
 * none is called: what they would make is made here. What is held grows with the bytes that are
 * read, and nothing is followed deeper than it stands, so that no pickle can ask for more.
 *
 * @see <a href="https://docs.python.org/3/library/pickletools.html">the instructions</a>
 */
final class Unpickler {
    private static final String ORDERED = "collections OrderedDict";
    private static final String TENSOR = "torch._utils _rebuild_tensor_v2";
    private static final Set<String> ALLOWED = Set.of(ORDERED, TENSOR);
    private static final int PROTOCOL = 2;

    /** What {@code None} is read as. */
    static final Object NONE = new Object();

    private static final Object MARK = new Object();

    /** A function or class that is allowed to be named. */
    private record Global(String name) {}

    /** Why a pickle is not read. */
    static final class Refusal extends Exception {
        Refusal(String reason) {
            super(reason);
        }
    }

    private final ByteBuffer bytes;
    private final List<Object> stack = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();
    private final Map<String, Storage> storages = new HashMap<>();

    private Unpickler(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /**
     * What a pickle says.
     *
     * @param value {@code Long}, {@code Double}, {@code Boolean}, {@code String}, {@link #NONE},
     *     {@code List} for lists and tuples, {@code Map} for dictionaries, or {@link StoredTensor}.
     *     A list may hold itself, so that it is not to be printed or compared
     * @param storages that it refers to, by their keys
     */
    record Pickle(Object value, Map<String, Storage> storages) {}

    /**
     * Reads one pickle.
     *
     * @param bytes from the pickle's first; left behind its last
     */
    static Pickle read(ByteBuffer bytes) throws Refusal {
        try {
            return new Unpickler(bytes.order(ByteOrder.LITTLE_ENDIAN)).read();
        } catch (BufferUnderflowException e) {
            throw new Refusal("its pickle ends too early");
        }
    }

    private Pickle read() throws Refusal {
        while (true) {
            int instruction = bytes.get() & 0xff;
            if (instruction == '.') {
                Object value = pop();
                if (!stack.isEmpty()) {
                    throw new Refusal("its pickle leaves values over");
                }
                return new Pickle(value, storages);
            }
            step(instruction);
        }
    }

    private void step(int instruction) throws Refusal {
        switch (instruction) {
            case 0x80 -> protocol(bytes.get());
            case '(' -> stack.add(MARK);
            case ')' -> stack.add(List.of());
            case ']' -> stack.add(new ArrayList<>());
            case '}' -> stack.add(new LinkedHashMap<>());
            case 'N' -> stack.add(NONE);
            case 0x88 -> stack.add(true);
            case 0x89 -> stack.add(false);
            case 'K' -> stack.add((long) (bytes.get() & 0xff));
            case 'M' -> stack.add((long) (bytes.getShort() & 0xffff));
            case 'J' -> stack.add((long) bytes.getInt());
            case 0x8a -> stack.add(whole(bytes.get() & 0xff));
            case 'G' -> stack.add(bigEndianDouble());
            case 'X' -> stack.add(text(bytes.getInt()));
            case 'c' -> stack.add(global(line() + " " + line()));
            case 'q' -> memo.put(bytes.get() & 0xff, peek());
            case 'r' -> memo.put(bytes.getInt(), peek());
            case 'h' -> stack.add(remembered(bytes.get() & 0xff));
            case 'j' -> stack.add(remembered(bytes.getInt()));
            case 0x85 -> tuple(1);
            case 0x86 -> tuple(2);
            case 0x87 -> tuple(3);
            case 't' -> stack.add(Collections.unmodifiableList(popToMark()));
            case 'a' -> append(List.of(pop()));
            case 'e' -> append(popToMark());
            case 's' -> tupleOfTwoInto();
            case 'u' -> put(popToMark());
            case 'Q' -> stack.add(storage(pop()));
            case 'R' -> stack.add(called(pop(), pop()));
            case 'b' -> dropState(pop());
            default ->
                    throw new Refusal(
                            "its pickle has the instruction 0x%02x, which stands in no dictionary of weights"
                                    .formatted(instruction));
        }
    }

    private static void protocol(int number) throws Refusal {
        if (number != PROTOCOL) {
            throw new Refusal(
                    "its pickle has protocol %d; save it with PyTorch's own, %d"
                            .formatted(number, PROTOCOL));
        }
    }

    private long whole(int length) throws Refusal {
        byte[] digits = take(length);
        if (length > Long.BYTES) {
            // Only what marks the older container is so long; nothing is counted in such numbers.
            return digits[0] & 0xff;
        }
        long value = length > 0 && digits[length - 1] < 0 ? -1 : 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << Byte.SIZE | digits[i] & 0xff;
        }
        return value;
    }

    private double bigEndianDouble() {
        return Double.longBitsToDouble(Long.reverseBytes(bytes.getLong()));
    }

    private String text(int length) throws Refusal {
        return new String(take(length), StandardCharsets.UTF_8);
    }

    private byte[] take(int length) throws Refusal {
        if (length < 0 || length > bytes.remaining()) {
            throw new Refusal("its pickle ends too early");
        }
        byte[] taken = new byte[length];
        bytes.get(taken);
        return taken;
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        for (char c = (char) (bytes.get() & 0xff); c != '\n'; c = (char) (bytes.get() & 0xff)) {
            line.append(c);
        }
        return line.toString();
    }

    private static Object global(String name) throws Refusal {
        if (ALLOWED.contains(name) || StorageType.of(name).isPresent()) {
            return new Global(name);
        }
        throw new Refusal(
                "it names %s, which is not allowed: nothing but a dictionary of weights is read; save model.state_dict()"
                        .formatted(name.replace(' ', '.').replaceAll("[^\\x21-\\x7e]", "?")));
    }

    private Object remembered(int number) throws Refusal {
        Object value = memo.get(number);
        if (value == null) {
            throw broken();
        }
        return value;
    }

    private Object peek() throws Refusal {
        if (stack.isEmpty() || stack.get(stack.size() - 1) == MARK) {
            throw broken();
        }
        return stack.get(stack.size() - 1);
    }

    private Object pop() throws Refusal {
        Object value = peek();
        stack.remove(stack.size() - 1);
        return value;
    }

    private List<Object> popToMark() throws Refusal {
        int mark = stack.lastIndexOf(MARK);
        if (mark < 0) {
            throw broken();
        }
        List<Object> values = new ArrayList<>(stack.subList(mark + 1, stack.size()));
        stack.subList(mark, stack.size()).clear();
        return values;
    }

    private void tuple(int length) throws Refusal {
        Object[] values = new Object[length];
        for (int i = length - 1; i >= 0; i--) {
            values[i] = pop();
        }
        stack.add(List.of(values));
    }

    @SuppressWarnings("unchecked")
    private void append(List<Object> values) throws Refusal {
        if (!(peek() instanceof ArrayList<?> list)) {
            throw broken();
        }
        ((List<Object>) list).addAll(values);
    }

    private void tupleOfTwoInto() throws Refusal {
        Object value = pop();
        Object key = pop();
        put(List.of(key, value));
    }

    @SuppressWarnings("unchecked")
    private void put(List<Object> keysAndValues) throws Refusal {
        if (!(peek() instanceof Map<?, ?> map) || keysAndValues.size() % 2 != 0) {
            throw broken();
        }
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            Object key = keysAndValues.get(i);
            if (!(key instanceof String || key instanceof Long)) {
                throw new Refusal("a key in it is neither a text nor a whole number");
            }
            ((Map<Object, Object>) map).put(key, keysAndValues.get(i + 1));
        }
    }

    /** {@code ("storage", class, key, device, size)}, in the older container with a view behind. */
    private Storage storage(Object id) throws Refusal {
        boolean right =
                id instanceof List<?> parts
                        && (parts.size() == 5 || parts.size() == 6 && parts.get(5) == NONE)
                        && parts.get(0).equals("storage")
                        && parts.get(1) instanceof Global
                        && parts.get(2) instanceof String
                        && parts.get(4) instanceof Long size
                        && size >= 0
                        && size <= Integer.MAX_VALUE;
        if (!right) {
            throw new Refusal("it refers to something that is no storage of values");
        }
        List<?> parts = (List<?>) id;
        StorageType type =
                StorageType.of(((Global) parts.get(1)).name()).orElseThrow(Unpickler::broken);
        Storage storage = new Storage(type, (String) parts.get(2), (Long) parts.get(4));
        Storage known = storages.putIfAbsent(storage.key(), storage);
        if (known != null && !known.equals(storage)) {
            throw new Refusal("it refers to one storage as two");
        }
        return storage;
    }

    /** What a call would give, without calling anything. */
    private static Object called(Object arguments, Object function) throws Refusal {
        if (!(function instanceof Global global) || !(arguments instanceof List<?> values)) {
            throw broken();
        }
        if (global.name().equals(ORDERED) && values.isEmpty()) {
            return new LinkedHashMap<>();
        }
        if (global.name().equals(TENSOR)
                && values.size() >= 4
                && values.get(0) instanceof Storage storage
                && values.get(1) instanceof Long offset) {
            return StoredTensor.of(storage, offset, numbers(values.get(2)), numbers(values.get(3)));
        }
        throw new Refusal(
                "it calls %s in an unknown way".formatted(global.name().replace(' ', '.')));
    }

    private static long[] numbers(Object list) throws Refusal {
        if (!(list instanceof List<?> values)) {
            throw broken();
        }
        long[] numbers = new long[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(values.get(i) instanceof Long number)) {
                throw broken();
            }
            numbers[i] = number;
        }
        return numbers;
    }

    /** The versions of modules that a dictionary of weights carries are of no use here. */
    private void dropState(Object state) throws Refusal {
        if (!(peek() instanceof Map<?, ?>) || !(state instanceof Map<?, ?>)) {
            throw new Refusal("it sets the state of something that is no dictionary");
        }
    }

    private static Refusal broken() {
        return new Refusal("its pickle is broken");
    }
}
