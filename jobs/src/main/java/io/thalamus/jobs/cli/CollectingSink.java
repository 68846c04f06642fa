/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * Keeps the records of a job on the embedded Flink, whose tasks run in this process and are not
 * restarted. Those of a stream stay in their order.
 */
final class CollectingSink<T> implements Sink<T> {
    private static final long serialVersionUID = 1L;

    /** What is collected, by the sink's id: the job has a copy of the sink. */
    private static final Map<String, Queue<Object>> COLLECTED = new ConcurrentHashMap<>();

    private final String id = UUID.randomUUID().toString();

    /**
     * Adds a sink to the job.
     *
     * @param step its name
     */
    static <T> CollectingSink<T> behind(DataStream<T> records, String step) {
        CollectingSink<T> sink = new CollectingSink<>();
        COLLECTED.put(sink.id, new ConcurrentLinkedQueue<>());
        records.sinkTo(sink).name(step).uid(step);
        return sink;
    }

    /** Hands over what has come, and forgets it. */
    @SuppressWarnings("unchecked")
    List<T> take() {
        return (List<T>) List.copyOf(COLLECTED.remove(id));
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        Queue<Object> records = COLLECTED.get(id);
        return new SinkWriter<>() {
            @Override
            public void write(T record, Context context) {
                records.add(record);
            }

            @Override
            public void flush(boolean endOfInput) {
                // What was written is there.
            }

            @Override
            public void close() {
                // Holds nothing open.
            }
        };
    }
}
