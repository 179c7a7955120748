/** Captures of others in a window of their own: packets, their fields and octets, a filter, keys. */
package careof.app.capture;
