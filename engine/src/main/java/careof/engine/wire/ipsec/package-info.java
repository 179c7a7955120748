/** AH, ESP and ESP in UDP as they stand on the wire; what they protect is for {@code careof.engine.ipsec}. */
package careof.engine.wire.ipsec;
