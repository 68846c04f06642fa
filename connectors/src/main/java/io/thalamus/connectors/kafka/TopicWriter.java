/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A writer whose end harms nobody else. Two things of the connector 5.0.0 are done differently:
 *
 * <ul>
 *   <li>A transactional writer looks for transactions of earlier runs with an admin client, and
 *       leaves it open: a thread, its connections and the job's classes stay in the task manager at
 *       each start of the job, until there is no metaspace left. The sink hands a writer out only
 *       once it has started, so what one opened that could not start is out of reach; here it is
 *       made and started in two steps, as the sink does in one. All of that is private to the
 *       connector.
 *   <li>A writer that is closed tells once more of what could not be sent, and Flink ends a whole
 *       task manager, with the tasks of all other jobs, where a task that has failed cannot be
 *       closed without an exception. A task manager that was cut off for a while has such writers:
 *       the job has gone on elsewhere by then, and its transactions were taken from it.
 * </ul>
 */
@SuppressWarnings("try") // Flink lets writers throw whatever they like when they are closed.
final class TopicWriter<T>
        implements StatefulSinkWriter<T, KafkaWriterState>,
                CommittingSinkWriter<T, KafkaCommittable> {
    private static final Logger LOG = LoggerFactory.getLogger(TopicWriter.class);
    private static final String WRITER =
            "org.apache.flink.connector.kafka.sink.ExactlyOnceKafkaWriter";

    private final PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> writer;
    private final boolean transactional;

    private TopicWriter(
            PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> writer,
            boolean transactional) {
        this.writer = writer;
        this.transactional = transactional;
    }

    /** Makes a writer of the sink and starts it. */
    static <T> TopicWriter<T> start(
            KafkaSink<T> sink,
            boolean transactional,
            WriterInitContext context,
            Collection<KafkaWriterState> state) {
        if (!transactional) {
            return new TopicWriter<>(sink.restoreWriter(context, state), false);
        }
        try {
            TopicWriter<T> writer = new TopicWriter<>(make(sink, context, state), true);
            writer.start();
            return writer;
        } catch (InvocationTargetException e) {
            ExceptionUtils.rethrow(e.getCause());
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the Kafka connector is of another version", e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> make(
            KafkaSink<T> sink, WriterInitContext context, Collection<KafkaWriterState> state)
            throws ReflectiveOperationException {
        Object naming = value(KafkaSink.class, "transactionNamingStrategy", sink);
        Constructor<?> constructor =
                Class.forName(WRITER, true, KafkaSink.class.getClassLoader())
                        .getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return (PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable>)
                constructor.newInstance(
                        DeliveryGuarantee.EXACTLY_ONCE,
                        value(KafkaSink.class, "kafkaProducerConfig", sink),
                        value(KafkaSink.class, "transactionalIdPrefix", sink),
                        context,
                        value(KafkaSink.class, "recordSerializer", sink),
                        context.asSerializationSchemaInitializationContext(),
                        value(TransactionNamingStrategy.class, "abortImpl", naming),
                        value(TransactionNamingStrategy.class, "impl", naming),
                        state);
    }

    /** One that cannot start closes itself, but for its admin client. */
    private void start() throws ReflectiveOperationException {
        var initialize = writer.getClass().getDeclaredMethod("initialize");
        initialize.setAccessible(true);
        boolean started = false;
        try {
            initialize.invoke(writer);
            started = true;
        } finally {
            if (!started) {
                closeAdmin();
            }
        }
    }

    @Override
    public void write(T record, Context context) throws IOException, InterruptedException {
        writer.write(record, context);
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        writer.flush(endOfInput);
    }

    @Override
    public void writeWatermark(Watermark watermark) throws IOException, InterruptedException {
        writer.writeWatermark(watermark);
    }

    @Override
    public List<KafkaWriterState> snapshotState(long checkpoint) throws IOException {
        return writer.snapshotState(checkpoint);
    }

    @Override
    public Collection<KafkaCommittable> prepareCommit() throws IOException, InterruptedException {
        return writer.prepareCommit();
    }

    /**
     * What was written since the last flush is nothing that anyone relies on: a task that ends well
     * flushes first, and a job that goes on behind one that does not reads and writes it again.
     */
    @Override
    public void close() throws Exception {
        try {
            writer.close();
        } catch (Exception e) {
            if (!isOfKafka(e)) {
                throw e;
            }
            LOG.warn("A writer was not closed cleanly; nothing that was flushed is affected.", e);
        } finally {
            closeAdmin();
        }
    }

    /** Whether a failure, with all that failed beside it, is one of the brokers or their client. */
    static boolean isOfKafka(Throwable failure) {
        return ExceptionUtils.findThrowable(failure, KafkaException.class).isPresent()
                && Arrays.stream(failure.getSuppressed()).allMatch(TopicWriter::isOfKafka);
    }

    /** There is none if there was no need to look for transactions. */
    private void closeAdmin() throws ReflectiveOperationException {
        if (!transactional) {
            return;
        }
        Admin admin = (Admin) value(writer.getClass(), "adminClient", writer);
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }

    private static Object value(Class<?> owner, String field, Object of)
            throws ReflectiveOperationException {
        Field found = owner.getDeclaredField(field);
        found.setAccessible(true);
        return found.get(of);
    }
}
