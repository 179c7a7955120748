/**
 * Headers and messages as they stand on the wire: one record each, with {@code parse} and {@code emit}, knowing no state.
 * What a record says is what its octets say; fields a receiver must ignore are normalised when read and said so.
 */
package careof.engine.wire;
