/**
 * Capture files: our own pcap and pcapng reader, pcapng writer, and the export of a trace.
 */
package careof.engine.capture;
