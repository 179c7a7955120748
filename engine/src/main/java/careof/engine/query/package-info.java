/**
 * One small language for filters, breakpoints and "run until". What a packet's octets say comes
 * through {@link careof.engine.query.FieldSource}, which the dissector fills.
 */
package careof.engine.query;
