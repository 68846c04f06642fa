/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.InvalidInputException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads the XML in the headers of an XDF file. Types and entities of a document's own are refused,
 * so that nothing else is read or built than what stands there.
 */
final class XdfXml {
    private static final int DEEPEST = 5;
    private static final int LONGEST_TEXT = 1024;

    private XdfXml() {}

    /**
     * Hands on each element when it ends: its path, such as {@code /info/name}, and the text in it
     * without the white space around it, and with a space for white space and control characters
     * within. Elements in more than {@value #DEEPEST} others are passed over.
     *
     * @throws InvalidInputException that says what is wrong, as the rest of a sentence
     */
    static void read(byte[] xml, BiConsumer<String, String> elements) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            read(
                    factory.createXMLStreamReader(
                            new StringReader(new String(xml, StandardCharsets.UTF_8))),
                    elements);
        } catch (XMLStreamException e) {
            throw new InvalidInputException(
                    "its XML cannot be read"
                            + (e.getLocation() == null
                                    ? ""
                                    : " at line "
                                            + e.getLocation().getLineNumber()
                                            + ", column "
                                            + e.getLocation().getColumnNumber()),
                    e);
        }
    }

    private static void read(XMLStreamReader reader, BiConsumer<String, String> elements)
            throws XMLStreamException {
        StringBuilder path = new StringBuilder();
        StringBuilder text = new StringBuilder();
        int depth = 0;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    depth++;
                    if (depth <= DEEPEST) {
                        path.append('/').append(reader.getLocalName());
                        text.setLength(0);
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    if (depth <= DEEPEST) {
                        elements.accept(
                                path.toString(),
                                text.toString().strip().replaceAll("[\\s\\p{Cntrl}]+", " "));
                        path.setLength(path.lastIndexOf("/"));
                        text.setLength(0);
                    }
                    depth--;
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (depth <= DEEPEST) {
                        append(text, reader);
                    }
                }
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                        throw new InvalidInputException(
                                "its XML has a document type or entities of its own");
                default -> {
                    // Comments and processing instructions say nothing here.
                }
            }
        }
    }

    private static void append(StringBuilder text, XMLStreamReader reader) {
        int length = Math.min(reader.getTextLength(), LONGEST_TEXT - text.length());
        text.append(reader.getTextCharacters(), reader.getTextStart(), length);
    }
}
