/** Links that carry Ethernet frames between ports, with delay, rate, queue, loss and interruption. */
package careof.engine.net;
