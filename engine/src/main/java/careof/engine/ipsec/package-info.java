/**
 * IPsec of a node (RFC 4301): security policies, security associations, AH and ESP. {@code PfKey} is the only door that creates,
 * changes or deletes policies and associations; the data path moves only counters and windows.
 */
package careof.engine.ipsec;
