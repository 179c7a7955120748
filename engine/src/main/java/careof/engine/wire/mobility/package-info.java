/** The Mobility Header, its messages and options (RFC 6275 section 6). */
package careof.engine.wire.mobility;
