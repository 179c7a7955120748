/** Any octets to a tree of fields with octet ranges, and to one line of a packet list; never throws. */
package careof.engine.decode;
